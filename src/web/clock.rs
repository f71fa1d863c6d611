//! The clock on the wall.

use crate::view::words::LocalTime;

/// Now, ISO 8601 in UTC.
pub fn now_utc() -> String {
    String::from(js_sys::Date::new_0().to_iso_string())
}

/// A moment by the clock on the wall.
pub fn local_time(date: &js_sys::Date) -> LocalTime {
    LocalTime {
        year: date.get_full_year(),
        month: date.get_month() + 1,
        day: date.get_date(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
        second: date.get_seconds(),
    }
}

/// Milliseconds since the page was opened, by a clock that never jumps; 0 outside a window.
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
