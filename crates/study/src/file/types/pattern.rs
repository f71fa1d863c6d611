//! The patterns of the schema; the parser checks the same by hand.

pub const ID: &str = "^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$";
pub const NAME: &str = "^[A-Za-z][A-Za-z0-9_]{0,39}$";
pub const LANGUAGE: &str = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$";
pub const SHA256: &str = "^[0-9a-f]{64}$";
pub const TEXT: &str = "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*\
    [^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$";
pub const VIDEO: &str = "^([^./\\\\:?#%*\"<>|\\u0000-\\u001f\\u007f-\\u009f][^/\\\\:?#%*\"<>|\\u0000-\\u001f\\u007f-\\u009f]*/)*\
    [^./\\\\:?#%*\"<>|\\u0000-\\u001f\\u007f-\\u009f][^/\\\\:?#%*\"<>|\\u0000-\\u001f\\u007f-\\u009f]*\
    \\.(webm|WEBM|mp4|MP4|m4v|M4V|mov|MOV)$";
pub const IMAGE: &str = "^([^./\\\\:?#%*\"<>|\\u0000-\\u001f\\u007f-\\u009f][^/\\\\:?#%*\"<>|\\u0000-\\u001f\\u007f-\\u009f]*/)*\
    [^./\\\\:?#%*\"<>|\\u0000-\\u001f\\u007f-\\u009f][^/\\\\:?#%*\"<>|\\u0000-\\u001f\\u007f-\\u009f]*\
    \\.(png|PNG|jpg|JPG|jpeg|JPEG|webp|WEBP|gif|GIF|avif|AVIF)$";
pub const LINK: &str = "^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?\
    ([/?#]([^\\s<>\"\\\\{}\\u0000-\\u001f\\u007f-\\u009f]|\\{[A-Za-z][A-Za-z0-9_]{0,39}\\})*)?$";
pub const ORIGIN: &str =
    "^(https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|http://(localhost|127\\.0\\.0\\.1))(:[0-9]{1,5})?$";
pub const CODE: &str = "^[A-Za-z0-9_-]{1,40}$";
