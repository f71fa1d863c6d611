//! The list of links as a page of its own: to copy from, and to print.

use super::Row;
use crate::file::Study;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}\
    table{border-collapse:collapse;width:100%}\
    th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ccc}\
    td:last-child{overflow-wrap:anywhere;font-size:.875rem}\
    @media(prefers-color-scheme:dark){body{background:#131519;color:#eceae4}a{color:#8fc0ee}}";

/// One HTML file without scripts that fetches nothing.
pub fn link_page(study: &Study, rows: &[Row]) -> String {
    let title = escaped(&study.title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Links: {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}: {}</h1>\n\
         <p>Send each link to one person. This page says who has which one: keep it, and do not put it beside the \
         study.</p>\n\
         <table>\n<thead><tr><th scope=\"col\">Participant</th><th scope=\"col\">Group</th><th scope=\"col\">Row</th>\
         <th scope=\"col\">Link</th></tr></thead>\n<tbody>\n",
        if rows.len() == 1 { "1 link".to_owned() } else { format!("{} links", rows.len()) }
    );
    for row in rows {
        let number = row.row.map_or(String::new(), |row| row.to_string());
        let link = escaped(&row.link);
        page.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{number}</td><td><a href=\"{link}\">{link}</a></td></tr>\n",
            escaped(&row.participant),
            escaped(row.group.as_deref().unwrap_or_default()),
        ));
    }
    page.push_str("</tbody>\n</table>\n</body>\n</html>\n");
    page
}

/// Text that HTML takes for text, between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 10);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn what_people_wrote_never_becomes_markup() {
        let mut study = testing::example();
        study.title = "</title><script>alert(\"1\" & '2')</script>".to_owned();
        let row = Row {
            participant: "<b>P1".to_owned(),
            group: Some("\"A".to_owned()),
            row: Some(3),
            link: "https://example.org/\"><img src=x>#study=a&participant=b".to_owned(),
        };
        let page = link_page(&study, &[row]);
        for markup in ["<script", "<img", "<b>", "\"A"] {
            assert!(!page.contains(markup), "{markup}: {page}");
        }
        assert!(page.contains("&lt;b&gt;P1</th><td>&quot;A</td><td>3</td>"), "{page}");
        assert!(page.contains("study=a&amp;participant=b\">"), "{page}");
        assert!(page.contains(": 1 link<"), "{page}");
    }
}
