//! Decisions of the study activity: what stands in the way, when the camera is good enough, who the participant is, which
//! readings are kept, when a showing breaks off.

pub mod address;
pub mod check;
pub mod curves;
pub mod loading;
pub mod obstacles;
pub mod parent;
pub mod participant;
pub mod rest;
pub mod sampling;
pub mod spoken;
pub mod stimulus_clock;
pub mod tones;
pub mod watch;
pub mod wav;
pub mod words;
