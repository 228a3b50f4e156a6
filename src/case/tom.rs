//! The clinical safety sheet of the e-RS Target Operating Model (TOM): twelve questions, the sign-off
//! level that the answers lead to, and what that level demands.

use serde::Serialize;

/// The answered questions of one TOM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tom {
    pub answers: Vec<TomAnswer>,
    /// Level that the workbook itself shows, as its cell's words; kept to compare, never trusted.
    pub stated_level: Option<String>,
}

/// One question with its answer. The answer is the End User Organisation's, whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TomAnswer {
    /// Item id, such as `CS-02`.
    pub id: String,
    /// Short name of the question, in the engine's words.
    pub topic: String,
    /// Question as the workbook words it, where one was given.
    pub question: Option<String>,
    pub answer: Option<Answer>,
    /// What stands in the answer cell when it is neither Yes nor No.
    pub stated_answer: Option<String>,
    pub notes: Option<String>,
    /// Who answered, on behalf of the End User Organisation.
    pub answered_by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Yes,
    No,
}

/// A question of the sheet, in the engine's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TomQuestion {
    pub id: &'static str,
    pub topic: &'static str,
    /// Whether its answer bears on the sign-off level: it does where the question is about the product, and so
    /// may name a source of harm. The others ask what was done about safety.
    pub sets_level: bool,
}

/// The twelve questions in the order of the sheet.
pub const QUESTIONS: [TomQuestion; 12] = [
    TomQuestion { id: "CS-01", topic: "Is it, or may it be, a medical device?", sets_level: true },
    TomQuestion { id: "CS-02", topic: "Does it update data held on the Spine?", sets_level: true },
    TomQuestion { id: "CS-031", topic: "Does it integrate with other systems?", sets_level: true },
    TomQuestion { id: "CS-032", topic: "Does it only automate office functions?", sets_level: true },
    TomQuestion {
        id: "CS-033",
        topic: "Is it transactional, such as booking or prescribing?",
        sets_level: true,
    },
    TomQuestion {
        id: "CS-034",
        topic: "Does it calculate or monitor for clinical support?",
        sets_level: true,
    },
    TomQuestion {
        id: "CS-04",
        topic: "Did the technical review find clinical safety issues?",
        sets_level: false,
    },
    TomQuestion {
        id: "CS-051",
        topic: "Was the national hazard log reviewed, mitigated and its residual risk owned?",
        sets_level: false,
    },
    TomQuestion {
        id: "CS-052",
        topic: "Do the answers call for further safety assurance?",
        sets_level: false,
    },
    TomQuestion {
        id: "CS-053",
        topic: "Was a formal risk assessment carried out and were hazards identified?",
        sets_level: false,
    },
    TomQuestion {
        id: "CS-054",
        topic: "Is there a formal safety case with a hazard log?",
        sets_level: false,
    },
    TomQuestion {
        id: "CS-055",
        topic: "Has a CSO or registered social care professional signed off system and interface?",
        sets_level: false,
    },
];

/// Whether this question asks what the product is and does. What it names can harm a patient, so the risk
/// assessment has to take it up; a question about the process (who reviewed, who signed) names no source of harm.
#[must_use]
pub fn is_about_product(id: &str) -> bool {
    product_questions().any(|question| question.id == id)
}

/// Whether the sheet has a question of this id.
#[must_use]
pub fn is_question(id: &str) -> bool {
    QUESTIONS.iter().any(|question| question.id == id)
}

/// The questions that ask what the product is and does, in the order of the sheet.
pub fn product_questions() -> impl Iterator<Item = TomQuestion> {
    QUESTIONS.into_iter().filter(|question| question.sets_level)
}

/// Sign-off level, from 1 (none required) to 5 (medical device).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct SignOffLevel(u8);

impl SignOffLevel {
    /// The level's number, 1 to 5.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// What the level means.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self.0 {
            1 => "No clinical safety sign-off required",
            2 => "Local sign-off, not clinical",
            3 => "Local clinical safety sign-off; DCB0129 and DCB0160 apply",
            4 => "NHS Digital Clinical Safety Group assistance and sign-off required",
            _ => "Medical device: guidance to be sought from the MHRA",
        }
    }
}

/// What the answers lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum LevelOutcome {
    Determined {
        level: SignOffLevel,
    },
    /// Blank answers leave more than one level possible. Silence never means level 1.
    Undetermined {
        possible: Vec<SignOffLevel>,
        /// The questions whose answer can still change the level; a blank that cannot is not among them.
        blank: Vec<String>,
    },
}

impl LevelOutcome {
    /// The level, once it is determined.
    #[must_use]
    pub fn level(&self) -> Option<SignOffLevel> {
        match self {
            Self::Determined { level } => Some(*level),
            Self::Undetermined { .. } => None,
        }
    }
}

impl TomAnswer {
    /// A question that nobody has answered.
    #[must_use]
    pub fn blank(question: TomQuestion) -> Self {
        Self {
            id: question.id.to_owned(),
            topic: question.topic.to_owned(),
            question: None,
            answer: None,
            stated_answer: None,
            notes: None,
            answered_by: None,
        }
    }
}

impl Tom {
    /// The twelve questions without an answer.
    #[must_use]
    pub fn unanswered() -> Self {
        Self { answers: QUESTIONS.map(TomAnswer::blank).into(), stated_level: None }
    }

    /// The answers to the questions on the product.
    pub fn on_product(&self) -> impl Iterator<Item = &TomAnswer> {
        self.answers.iter().filter(|answer| is_about_product(&answer.id))
    }

    #[must_use]
    pub fn answer(&self, id: &str) -> Option<Answer> {
        self.answers.iter().find(|answer| answer.id == id)?.answer
    }

    /// The sign-off level that the answers lead to, or what keeps it undetermined.
    ///
    /// A blank matters only if filling it could change the level: a medical device is level 5
    /// whatever else is blank.
    #[must_use]
    pub fn level(&self) -> LevelOutcome {
        let blank: Vec<&str> = QUESTIONS
            .iter()
            .filter(|question| question.sets_level && self.answer(question.id).is_none())
            .map(|question| question.id)
            .collect();
        // The level of every way to fill the blanks: bit n of the index is Yes for the nth of them.
        let levels: Vec<SignOffLevel> = (0..1_usize << blank.len())
            .map(|filled| {
                level_of(|id| match blank.iter().position(|candidate| *candidate == id) {
                    Some(bit) => filled >> bit & 1 == 1,
                    None => self.answer(id) == Some(Answer::Yes),
                })
            })
            .collect();
        let mut possible = levels.clone();
        possible.sort_unstable();
        possible.dedup();
        if let [level] = possible[..] {
            return LevelOutcome::Determined { level };
        }
        let matters =
            |bit: usize| levels.iter().zip(0..).any(|(level, filled)| *level != levels[filled | 1 << bit]);
        let blank = blank.into_iter().zip(0..).filter(|(_, bit)| matters(*bit));
        LevelOutcome::Undetermined { possible, blank: blank.map(|(id, _)| id.to_owned()).collect() }
    }
}

/// The rule of the sheet's own formula, for answers that are all given.
fn level_of(yes: impl Fn(&str) -> bool) -> SignOffLevel {
    SignOffLevel(if yes("CS-01") {
        5
    } else if yes("CS-02") {
        4
    } else if yes("CS-031") || yes("CS-033") || yes("CS-034") {
        3
    } else if yes("CS-032") {
        2
    } else {
        1
    })
}

/// Something that a sign-off level demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// Lowest level that demands it.
    pub from_level: u8,
    pub duty: &'static str,
}

/// Duties of the levels. A level keeps the duties of all levels below it: being a medical device does not
/// remove the need for a risk assessment.
const DUTIES: [Duty; 6] = [
    Duty {
        from_level: 2,
        duty: "The local Clinical Safety Officer, or a registered social care professional, signs off the interface",
    },
    Duty {
        from_level: 3,
        duty: "A formal risk assessment is carried out and clinical safety hazards are identified (DCB0129, DCB0160)",
    },
    Duty { from_level: 3, duty: "There is a formal safety case with a hazard log" },
    Duty { from_level: 3, duty: "Assistance of the NHS Digital Clinical Safety Group is available" },
    Duty { from_level: 4, duty: "The NHS Digital Clinical Safety Group signs off" },
    Duty { from_level: 5, duty: "Guidance is sought from the MHRA on medical device regulation" },
];

/// All duties of this level and of those below it.
pub fn duties(level: SignOffLevel) -> impl Iterator<Item = Duty> {
    DUTIES.into_iter().filter(move |duty| duty.from_level <= level.number())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tom(answers: &[(&str, Answer)]) -> Tom {
        let answers = answers
            .iter()
            .map(|(id, answer)| TomAnswer {
                id: (*id).to_owned(),
                topic: String::new(),
                question: None,
                answer: Some(*answer),
                stated_answer: None,
                notes: None,
                answered_by: None,
            })
            .collect();
        Tom { answers, stated_level: None }
    }

    fn level(answers: &[(&str, Answer)]) -> Option<u8> {
        tom(answers).level().level().map(SignOffLevel::number)
    }

    use Answer::{No, Yes};
    const ALL_NO: [(&str, Answer); 6] =
        [("CS-01", No), ("CS-02", No), ("CS-031", No), ("CS-032", No), ("CS-033", No), ("CS-034", No)];

    #[test]
    fn each_outcome_follows_the_formula_of_the_sheet() {
        let with = |id: &str| ALL_NO.map(|(key, answer)| (key, if key == id { Yes } else { answer }));
        assert_eq!(level(&ALL_NO), Some(1));
        assert_eq!(level(&with("CS-032")), Some(2));
        for id in ["CS-031", "CS-033", "CS-034"] {
            assert_eq!(level(&with(id)), Some(3), "{id}");
        }
        assert_eq!(level(&with("CS-02")), Some(4));
        assert_eq!(level(&with("CS-01")), Some(5));
    }

    #[test]
    fn a_blank_sheet_is_undetermined_and_never_level_1() {
        let LevelOutcome::Undetermined { possible, blank } = tom(&[]).level() else {
            panic!("a blank sheet has no level");
        };
        assert_eq!(possible.len(), 5);
        assert_eq!(blank.len(), 6);
    }

    #[test]
    fn a_blank_that_cannot_change_the_level_does_not_matter() {
        assert_eq!(level(&[("CS-01", Yes)]), Some(5));
        assert_eq!(level(&[("CS-01", No), ("CS-02", Yes)]), Some(4));
        assert_eq!(level(&[("CS-01", No), ("CS-02", No), ("CS-033", Yes)]), Some(3));
        assert_eq!(level(&[("CS-02", Yes)]), None);
    }

    #[test]
    fn only_blanks_that_can_still_change_the_level_are_named() {
        let open = |answers: &[(&str, Answer)]| match tom(answers).level() {
            LevelOutcome::Undetermined { blank, possible } => {
                (blank, possible.into_iter().map(SignOffLevel::number).collect::<Vec<_>>())
            }
            LevelOutcome::Determined { level } => panic!("{level:?}"),
        };
        let named = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(open(&[("CS-02", Yes)]), (named(&["CS-01"]), vec![4, 5]));
        assert_eq!(open(&[("CS-01", No), ("CS-034", Yes)]), (named(&["CS-02"]), vec![3, 4]));
        assert_eq!(
            open(&[("CS-01", No), ("CS-02", No), ("CS-032", Yes)]),
            (named(&["CS-031", "CS-033", "CS-034"]), vec![2, 3])
        );
    }

    #[test]
    fn questions_on_the_process_are_not_about_the_product() {
        let about: Vec<&str> = product_questions().map(|question| question.id).collect();
        assert_eq!(about, ["CS-01", "CS-02", "CS-031", "CS-032", "CS-033", "CS-034"]);
        assert!(is_about_product("CS-034") && !is_about_product("CS-04") && !is_about_product("CS-055"));
    }

    #[test]
    fn a_level_keeps_the_duties_below_it() {
        let level = |answers: &[(&str, Answer)]| tom(answers).level().level().expect("determined");
        assert_eq!(duties(level(&ALL_NO)).count(), 0);
        assert_eq!(duties(level(&[("CS-01", Yes)])).count(), DUTIES.len());
    }
}
