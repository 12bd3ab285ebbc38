//! Tables for a terminal.

use std::fmt::Write;

/// A table with columns as wide as they need; numbers to the right.
pub fn table(
    out: &mut String,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> std::fmt::Result {
    let rows: Vec<Vec<String>> = rows.collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .chain([head[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let columns: Vec<(usize, bool)> = (0..head.len())
        .map(|column| {
            let numeric = rows.iter().all(|row| is_number(row.get(column)));
            (width(column), numeric)
        })
        .collect();
    let mut line = |cells: Vec<&str>| {
        let mut text = String::from(" ");
        for (cell, (width, numeric)) in cells.iter().zip(&columns) {
            let space = " ".repeat(width - cell.chars().count());
            if *numeric {
                text.push_str(&format!(" {space}{cell} "));
            } else {
                text.push_str(&format!(" {cell}{space} "));
            }
        }
        writeln!(out, "{}", text.trim_end())
    };
    line(head.to_vec())?;
    for row in &rows {
        line(row.iter().map(String::as_str).collect())?;
    }
    Ok(())
}

fn is_number(cell: Option<&String>) -> bool {
    cell.is_some_and(|cell| {
        cell == "?"
            || cell
                .chars()
                .all(|c| c.is_ascii_digit() || "-,.".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_should_put_numbers_to_the_right_when_a_column_has_nothing_else() {
        let mut out = String::new();
        let rows = [["18x long", "-0.5"], ["a", "1,000.0"]];
        table(
            &mut out,
            &["account", "size"],
            rows.iter()
                .map(|row| row.iter().map(ToString::to_string).collect()),
        )
        .unwrap();
        assert_eq!(
            out,
            "  account      size\n  18x long     -0.5\n  a         1,000.0\n"
        );
    }
}
