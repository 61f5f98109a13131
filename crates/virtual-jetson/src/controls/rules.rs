//! The table of ids.

use super::BASE;

/// What the eight bytes of a control hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// The value itself.
    Value,
    /// A pointer to a structure that begins with so many 32-bit words which the engine reads.
    Words(usize),
    /// A pointer to a structure that the engine does not look into.
    Opaque,
}

/// When a control may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// After both formats, before buffers are requested.
    Setup,
    /// After both formats.
    Running,
    /// At any time.
    Always,
}

/// One control.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) id: u32,
    pub(crate) payload: Payload,
    pub(crate) when: When,
    /// The first generation that knows it.
    since: u32,
    until: u32,
}

const fn value(offset: u32, when: When) -> Rule {
    Rule { id: BASE + offset, payload: Payload::Value, when, since: 4, until: 6 }
}

const fn words(offset: u32, when: When, count: usize) -> Rule {
    Rule { id: BASE + offset, payload: Payload::Words(count), when, since: 4, until: 6 }
}

const fn opaque(offset: u32, when: When) -> Rule {
    Rule { id: BASE + offset, payload: Payload::Opaque, when, since: 4, until: 6 }
}

impl Rule {
    const fn since(self, generation: u32) -> Self {
        Self { since: generation, ..self }
    }

    const fn until(self, generation: u32) -> Self {
        Self { until: generation, ..self }
    }
}

/// In the order of the ids. Those of the discrete-GPU library are absent: an Orin answers `EINVAL` to them.
const RULES: &[Rule] = &[
    value(203, When::Setup),
    value(206, When::Setup),
    value(207, When::Running),
    value(208, When::Running),
    value(215, When::Setup),
    value(350, When::Setup),
    value(351, When::Setup),
    value(352, When::Setup),
    value(357, When::Setup),
    value(359, When::Setup),
    value(363, When::Setup),
    value(364, When::Setup),
    value(365, When::Setup),
    value(513, When::Setup),
    value(514, When::Setup),
    value(528, When::Setup),
    words(529, When::Setup, 2),
    opaque(530, When::Running),
    words(531, When::Running, 1),
    words(532, When::Setup, 1),
    words(533, When::Setup, 1),
    value(534, When::Setup),
    value(535, When::Setup),
    opaque(536, When::Running),
    value(537, When::Setup),
    opaque(538, When::Running),
    words(539, When::Setup, 6),
    value(540, When::Setup),
    opaque(541, When::Running),
    words(542, When::Running, 1),
    words(543, When::Running, 2),
    words(544, When::Running, 1),
    opaque(545, When::Running),
    value(546, When::Setup),
    value(547, When::Setup),
    value(548, When::Setup),
    opaque(550, When::Always),
    value(551, When::Always),
    value(552, When::Setup),
    value(554, When::Setup),
    value(555, When::Setup),
    value(556, When::Always),
    value(557, When::Setup),
    value(560, When::Setup).until(5),
    value(561, When::Setup),
    value(562, When::Setup),
    value(563, When::Setup),
    value(564, When::Setup),
    value(565, When::Setup),
    value(566, When::Running),
    value(567, When::Running),
    value(573, When::Setup).since(5),
    words(574, When::Setup, 3).since(5),
    value(575, When::Setup).since(5),
    value(576, When::Setup).since(5),
    opaque(577, When::Running).since(5),
    value(581, When::Setup).since(5).until(5),
    Rule {
        id: super::id::FORCE_FRAME_TYPE,
        payload: Payload::Value,
        when: When::Running,
        since: 4,
        until: 6,
    },
];

/// The rule of a control, if this generation has it.
pub(crate) fn rule(id: u32, generation: u32) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id && (rule.since..=rule.until).contains(&generation))
}
