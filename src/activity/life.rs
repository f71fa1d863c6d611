//! The one life of an activity, as a pure machine: first screen, use, load, seal, engine, work, stop.
//!
//! Events go in, orders come out; the frame carries the orders out and reports what came of them. Every start of an engine
//! has a number, so that what comes late is told from what is wanted.

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// What the activity is, and the choice of use.
    First,
    /// Start was pressed before everything was there.
    Loading,
    /// Sealed: the activity does what it is for.
    Work,
    /// Loading, sealing or the engine failed.
    Failed,
    /// The browser lacks something.
    Unsupported,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The page is open.
    Opened {
        supported: bool,
    },
    /// A use was chosen on the first screen.
    UseChosen {
        allowed: bool,
    },
    /// Start, retry or start again was pressed.
    Start,
    /// Loading again was asked for on the first screen.
    LoadAgain,
    /// All files are there and right.
    Loaded,
    /// A file is not.
    LoadFailed,
    /// What came of [`Order::Seal`].
    Sealed {
        done: bool,
    },
    /// The work needs its engine, now or once more.
    EngineWanted,
    /// What came of [`Order::StartEngine`].
    EngineStarted {
        number: u32,
    },
    EngineFailed {
        number: u32,
    },
    /// The running engine crashed or fell silent.
    EngineGone,
    /// The activity gives the engine up, with all that it was doing.
    EngineStopped,
    /// The work cannot go on.
    Failed,
}

/// What the frame is to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Load,
    Seal,
    /// Begin the activity's work.
    Enter,
    StartEngine {
        number: u32,
    },
    /// End the worker, whether it runs or is still starting; what waits for it is answered.
    DropEngine,
    /// Answer those who wait for the engine: it runs, or it failed to start.
    AnswerWaiting,
    /// Tell the activity that its work has ended by a failure.
    Leave,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    Missing,
    Coming,
    Here,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    None,
    Starting(u32),
    Running,
}

/// Where an activity stands.
#[derive(Debug, Clone)]
pub struct Life {
    phase: Phase,
    allowed: bool,
    files: Files,
    sealed: bool,
    has_engine: bool,
    engine: Engine,
    /// How many starts of an engine were ordered.
    starts: u32,
}

impl Life {
    /// `has_engine`: whether the activity has one. Without one it loads nothing for it, but is kept for use without a network.
    pub fn new(has_engine: bool) -> Self {
        Self {
            phase: Phase::First,
            allowed: false,
            files: Files::Missing,
            sealed: false,
            has_engine,
            engine: Engine::None,
            starts: 0,
        }
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether a worker lives, running or starting.
    pub fn has_worker(&self) -> bool {
        self.engine != Engine::None
    }

    /// Whether a worker runs.
    pub fn engine_runs(&self) -> bool {
        self.engine == Engine::Running
    }

    /// Whether the start with this number is the one that is under way.
    pub fn engine_starts(&self, number: u32) -> bool {
        self.engine == Engine::Starting(number)
    }

    /// Take an event and say what is to be done, in this order.
    pub fn take(&mut self, event: Event) -> Vec<Order> {
        let mut orders = Vec::new();
        if self.phase == Phase::Unsupported {
            return orders;
        }
        match event {
            Event::Opened { supported: false } => self.phase = Phase::Unsupported,
            Event::Opened { supported: true } | Event::LoadAgain => self.load(&mut orders),
            Event::UseChosen { allowed } => self.allowed = allowed,
            Event::Start => self.start(&mut orders),
            Event::Loaded => {
                self.files = Files::Here;
                if self.phase == Phase::Loading {
                    orders.push(Order::Seal);
                }
            }
            Event::LoadFailed => {
                self.files = Files::Missing;
                // While the person still reads the first screen, a failed download is told there.
                if self.phase == Phase::Loading {
                    self.phase = Phase::Failed;
                }
            }
            Event::Sealed { done: false } => self.fail(&mut orders),
            Event::Sealed { done: true } => {
                self.sealed = true;
                self.phase = Phase::Work;
                orders.push(Order::Enter);
                self.want_engine(&mut orders);
            }
            Event::EngineWanted => self.want_engine(&mut orders),
            Event::EngineStarted { number } if self.engine == Engine::Starting(number) => {
                self.engine = Engine::Running;
                orders.push(Order::AnswerWaiting);
            }
            Event::EngineFailed { number } if self.engine == Engine::Starting(number) => {
                orders.push(Order::AnswerWaiting);
                self.fail(&mut orders);
            }
            // Of a start that was given up.
            Event::EngineStarted { .. } | Event::EngineFailed { .. } => {}
            Event::EngineGone | Event::EngineStopped => self.drop_engine(&mut orders),
            Event::Failed if self.phase == Phase::Work => self.fail(&mut orders),
            Event::Failed => {}
        }
        orders
    }

    fn load(&mut self, orders: &mut Vec<Order>) {
        if self.files == Files::Missing {
            self.files = Files::Coming;
            orders.push(Order::Load);
        }
    }

    fn start(&mut self, orders: &mut Vec<Order>) {
        if !self.allowed || matches!(self.phase, Phase::Work | Phase::Loading) {
            return;
        }
        self.phase = Phase::Loading;
        match self.files {
            Files::Here => orders.push(Order::Seal),
            Files::Coming => {}
            Files::Missing => self.load(orders),
        }
    }

    fn want_engine(&mut self, orders: &mut Vec<Order>) {
        // Never before the seal, and never a second one beside the first.
        if self.has_engine && self.sealed && self.files == Files::Here && self.engine == Engine::None {
            self.starts += 1;
            self.engine = Engine::Starting(self.starts);
            orders.push(Order::StartEngine { number: self.starts });
        }
    }

    fn drop_engine(&mut self, orders: &mut Vec<Order>) {
        if self.engine != Engine::None {
            self.engine = Engine::None;
            orders.push(Order::DropEngine);
        }
    }

    fn fail(&mut self, orders: &mut Vec<Order>) {
        let worked = self.phase == Phase::Work;
        self.drop_engine(orders);
        self.phase = Phase::Failed;
        if worked {
            orders.push(Order::Leave);
        }
    }
}

#[cfg(test)]
mod tests;
