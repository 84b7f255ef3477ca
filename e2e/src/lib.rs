//! What the tests of the whole shop share beside `testing`: plain HTTP, the recorded REST contract
//! with its replayer, shops whose processes die and come back, and the soak that kills them.

pub mod http;
pub mod parts;
pub mod replay;
pub mod soak;
