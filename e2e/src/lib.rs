//! What the tests of the whole shop share beside `testing`: plain HTTP, and the recorded REST
//! contract with its replayer.

pub mod http;
pub mod replay;
