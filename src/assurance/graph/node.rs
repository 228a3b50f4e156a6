//! What can be in the graph, and what a link can say.

use serde::Serialize;

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An item of the risk assessment.
    Item,
    /// A question of the TOM.
    Question,
    /// An entry or exit point of an interface.
    Point,
    /// A step of the workflow.
    Step,
    Hazard,
    /// Within its hazard.
    Cause,
    /// Within its hazard.
    Control,
    Evidence,
    Session,
    /// Within its session.
    Action,
    TestIssue,
    Incident,
    /// Who takes on a hazard or a control.
    Recipient,
    /// Who handed hazards over.
    Sender,
    /// A hazard of somebody else's, within its sender.
    Received,
    /// A waiver, by its number in the file.
    Waiver,
    /// A check whose findings are waived.
    Check,
    /// A clause of the standard.
    Clause,
    /// A chapter of the report.
    Section,
    /// A part of a chapter.
    Part,
}

impl Kind {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Question => "question",
            Self::Point => "point",
            Self::Step => "step",
            Self::Hazard => "hazard",
            Self::Cause => "cause",
            Self::Control => "control",
            Self::Evidence => "evidence",
            Self::Session => "session",
            Self::Action => "action",
            Self::TestIssue => "test-issue",
            Self::Incident => "incident",
            Self::Recipient => "recipient",
            Self::Sender => "sender",
            Self::Received => "received",
            Self::Waiver => "waiver",
            Self::Check => "check",
            Self::Clause => "clause",
            Self::Section => "section",
            Self::Part => "part",
        }
    }
}

/// Which of a graph's nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) usize);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub kind: Kind,
    /// As the case writes it: unique among those of its kind, or among those of its kind within the same node.
    pub id: String,
    /// What holds it: the hazard of a control, the session of an action.
    pub within: Option<NodeId>,
    pub standing: Standing,
}

impl Node {
    /// The case has it, or had it and says why it no longer does.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.standing != Standing::Missing
    }
}

/// Whether what is referred to is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Present,
    /// A hazard that was taken out of the log with a record of why.
    Retired,
    /// Something refers to it, and the case does not have it.
    Missing,
}

/// What a link says, from its beginning to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// An item led to a hazard.
    AnsweredBy,
    /// An item takes up a TOM question, or looks at an entry or exit point or a step of the workflow.
    TakesUp,
    HasCause,
    HasExistingControl,
    HasControl,
    /// A control answers a cause.
    ControlledBy,
    /// A control brings a hazard with it.
    Introduces,
    /// Evidence names a control, and does not say what it shows.
    EvidenceFor,
    EvidenceOfImplementation,
    EvidenceOfEffectiveness,
    /// A session discussed a hazard.
    Discussed,
    /// A session raised a hazard.
    Raised,
    /// A session agreed an action.
    Agreed,
    ActionFor,
    /// Another organisation takes on a hazard or a control.
    TransferredTo,
    /// A sender handed over a hazard of theirs.
    HandedOver,
    /// A hazard that was received is adopted by one of the log.
    AdoptedBy,
    /// A test issue or an incident bears on a hazard.
    BearsOn,
    /// A waiver lets a check's findings stand.
    Waives,
    /// A waiver is of one hazard's findings alone.
    LimitedTo,
    /// A clause is met by what the link leads to.
    ShownBy,
}

impl Relation {
    #[must_use]
    pub fn is_evidence(self) -> bool {
        matches!(self, Self::EvidenceFor | Self::EvidenceOfImplementation | Self::EvidenceOfEffectiveness)
    }
}
