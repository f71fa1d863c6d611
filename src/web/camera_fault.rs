//! Why there is no picture from a camera, in words that say what to do.

use thiserror::Error;

/// Why the camera gives no picture. The message is for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CameraFault {
    #[error(
        "The camera was not allowed. Allow it for this page in the browser's address bar, and for the browser in \
         the system's privacy settings; then try again."
    )]
    Denied,
    #[error("No camera was found. Connect one, or switch it on; then try again.")]
    NotFound,
    #[error(
        "The camera could not be started: another program or tab may be using it. Close that; then try again."
    )]
    Busy,
    #[error("Browsers give the camera only to secure pages. Open this page by https, or as localhost.")]
    Insecure,
    #[error(
        "This browser gives pages no access to cameras. Use a current Chrome, Edge, Firefox or Safari; or, if \
         the page is shown inside another one, open it in a tab of its own."
    )]
    Unsupported,
    #[error("The camera failed: {0}. Try again, or choose another camera.")]
    Other(String),
}

impl CameraFault {
    /// From the name of the exception that `getUserMedia` was rejected with, and its message.
    ///
    /// The names are those of the Media Capture specification; the older ones of Chrome and Firefox are
    /// still met in embedded browsers.
    pub fn from_exception(name: &str, message: &str) -> Self {
        match name {
            "NotAllowedError" | "PermissionDeniedError" | "PermissionDismissedError" => Self::Denied,
            "NotFoundError" | "DevicesNotFoundError" => Self::NotFound,
            // Only an exact device is asked for without alternatives, so: it is not there (any more).
            "OverconstrainedError" | "ConstraintNotSatisfiedError" => Self::NotFound,
            "NotReadableError" | "TrackStartError" | "AbortError" => Self::Busy,
            "SecurityError" => Self::Unsupported,
            _ if message.is_empty() && name.is_empty() => Self::Other("the browser gives no reason".into()),
            _ if message.is_empty() => Self::Other(name.to_owned()),
            _ => Self::Other(message.trim_end_matches('.').to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CameraFault;

    #[test]
    fn every_exception_of_the_specification_has_its_fault() {
        for (name, fault) in [
            ("NotAllowedError", CameraFault::Denied),
            ("NotFoundError", CameraFault::NotFound),
            ("OverconstrainedError", CameraFault::NotFound),
            ("NotReadableError", CameraFault::Busy),
            ("AbortError", CameraFault::Busy),
            ("SecurityError", CameraFault::Unsupported),
        ] {
            assert_eq!(CameraFault::from_exception(name, "whatever"), fault);
        }
    }

    #[test]
    fn an_unknown_exception_keeps_its_reason() {
        let fault = CameraFault::from_exception("TypeError", "Something new.");
        assert_eq!(
            fault.to_string(),
            "The camera failed: Something new. Try again, or choose another camera."
        );
        assert_eq!(CameraFault::from_exception("OddError", ""), CameraFault::Other("OddError".into()));
    }
}
