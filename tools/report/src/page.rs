//! A self-contained page: no script, no font, no image from elsewhere.

use crate::escape;
use std::fmt::Write;

/// What stands before the content of a page.
pub fn begin(out: &mut String, title: &str, style: &str) -> std::fmt::Result {
    writeln!(
        out,
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{}</title>
<style>
{style}</style>
</head>
<body>
<main>"#,
        escape(title)
    )
}

/// What stands behind it.
pub fn end(out: &mut String) {
    out.push_str("</main>\n</body>\n</html>\n");
}
