//! What the tools' reports are made of: tables for a terminal, charts for a self-contained page.

pub mod chart;
pub mod page;
pub mod text;

pub use chart::{escape, Band, Chart, Line, Mark};
