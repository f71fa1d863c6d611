//! The report as a table for the terminal.

use std::fmt;

use super::agreement::{Agreement, Mapping};
use super::metrics::{Share, Summary};
use super::outside::{Reliability, SetFigures, SetReport, Tenth};
use super::{ClassFigures, MappingFigures, Report, VoteFigures};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(
            f,
            "{}: {} rows, {} malformed, {} excluded, {} measured",
            self.split, self.rows, self.malformed, self.excluded, self.classes.faces
        )?;
        write!(f, "{}", self.classes)?;
        match &self.votes {
            Some(votes) => write!(f, "{votes}"),
            None => writeln!(f, "\nWithout --votes nothing is said of FER+ and of the depths."),
        }
    }
}

impl fmt::Display for ClassFigures {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "\nFER2013, seven classes")?;
        write_share(f, "accuracy", &self.accuracy)?;
        writeln!(f, "  {:<28}{:>8.4}", "loss", self.loss)?;
        writeln!(f, "  {:<28}{:>8.4}", "calibration error, 15 bins", self.calibration_error)?;
        for recall in &self.recall {
            write_share(f, &format!("recall, {}", recall.class.name()), &recall.share)?;
        }
        Ok(())
    }
}

impl fmt::Display for VoteFigures {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "\nFER+, {} faces with votes", self.faces)?;
        write_share(f, "accuracy, eight emotions", &self.ferplus_accuracy)?;
        writeln!(f, "  {:<28}{:>8}", "ties, counted out", self.ties)?;
        write!(f, "{}", self.depth)?;
        for mapping in &self.mappings {
            write!(f, "{mapping}")?;
        }
        Ok(())
    }
}

impl fmt::Display for MappingFigures {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "\n{} against the share of ten raters", title(self.mapping))?;
        write!(f, "{}", self.agreement)?;
        write_share(f, "neutral read as negative", &self.neutral_misread)
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "  {:<12}{:>10}{:>10}{:>10}{:>10}", "", "Pearson r", "ceiling r", "CCC", "MAE")?;
        for figures in &self.emotions {
            write_summary(f, figures.emotion.name(), &figures.summary)?;
        }
        write_summary(f, "mean", &self.mean)?;
        if let Some([low, high]) = self.mean_concordance_interval {
            writeln!(f, "  mean CCC, 95 % interval: {low:.3} to {high:.3} (bootstrap)")?;
        }
        Ok(())
    }
}

impl fmt::Display for SetReport {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(
            f,
            "{} pictures of {} persons, {} rows left out, a face found in {}",
            self.pictures, self.persons, self.left_out, self.found
        )?;
        self.mappings.iter().try_for_each(|figures| write!(f, "{figures}"))
    }
}

impl fmt::Display for SetFigures {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "\n{}", title(self.mapping))?;
        write_share(f, "largest depth is right", &self.accuracy)?;
        for (emotion, share) in &self.recall {
            write_share(f, &format!("recall, {}", emotion.name()), share)?;
        }
        if let Some(agreement) = &self.agreement {
            write!(f, "{agreement}")?;
        }
        if !self.reliability.is_empty() {
            writeln!(f, "  mean depth where so many in a hundred raters name it")?;
        }
        for Reliability { emotion, tenths } in &self.reliability {
            write!(f, "  {:<12}", emotion.name())?;
            for Tenth { share, mean_depth, .. } in tenths {
                write!(f, " {:.0}: {mean_depth:.2} ", share * 100.0)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn title(mapping: Mapping) -> &'static str {
    match mapping {
        Mapping::Depth => "Depth (the mixture of both studies)",
        Mapping::Ferplus => "FER+'s mapping alone",
        Mapping::Photo => "The photo study's mapping alone",
    }
}

fn write_share(f: &mut fmt::Formatter, name: &str, share: &Share) -> fmt::Result {
    match (share.share, share.interval) {
        (Some(value), Some([low, high])) => {
            let [value, low, high] = [value, low, high].map(|share| share * 100.0);
            let (hits, of) = (share.hits, share.of);
            writeln!(f, "  {name:<28}{value:>7.2}%  95 % interval {low:.1} to {high:.1} ({hits} of {of})")
        }
        _ => writeln!(f, "  {name:<28}{:>8}  (no faces)", "-"),
    }
}

fn write_summary(f: &mut fmt::Formatter, name: &str, summary: &Summary) -> fmt::Result {
    write!(f, "  {name:<12}")?;
    for value in [summary.pearson, summary.pearson_ceiling, summary.concordance, summary.mean_absolute_error]
    {
        match value {
            Some(value) => write!(f, "{value:>10.3}")?,
            None => write!(f, "{:>10}", "-")?,
        }
    }
    writeln!(f)
}
