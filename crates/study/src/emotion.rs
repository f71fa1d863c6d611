//! The seven expressions by name, in the order of every file of this project.

/// Names in the order of every array and column of seven.
pub const EMOTIONS: [&str; 7] = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];
