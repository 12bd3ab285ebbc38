//! What was measured, for people.

pub mod html;
pub mod text;
