//! What is wrong, and in which file to put it right.

/// One reason why the graph cannot be used as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct Problem {
    /// Path from the project's root.
    pub file: String,
    /// What is wrong with it.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), message: message.into() }
    }
}

/// Calls a library that may panic on input it did not expect.
pub(crate) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    // What the closures borrow is not used again after a panic, or is only read.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).map_err(|payload| {
        let text = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied());
        format!("panicked: {}", text.unwrap_or("without a message"))
    })
}
