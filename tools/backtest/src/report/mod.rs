//! What was measured, for people.

mod chart;
pub mod html;
pub mod text;
