//! The columns of the NHS hazard log template, A to S.

/// Severity, likelihood and risk stand twice: before and after control.
pub const HEADERS: [&str; 19] = [
    "Hazard Number",
    "Hazard Name",
    "Hazard Description",
    "Potential Clinical Impact",
    "Possible Causes",
    "Existing Controls",
    "Severity",
    "Likelihood",
    "Risk",
    "Design",
    "Test",
    "Training",
    "BPC",
    "Severity",
    "Likelihood",
    "Risk",
    "Summary of Actions/Notes",
    "Owner",
    "Status",
];
