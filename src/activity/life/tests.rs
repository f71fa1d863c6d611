use super::*;

/// A life, and every order that it gave.
struct Watched(Life, Vec<Order>);

impl Watched {
    fn new(has_engine: bool) -> Self {
        Self(Life::new(has_engine), Vec::new())
    }

    /// Takes events one after the other; orders to seal are carried out at once.
    fn take(&mut self, events: impl IntoIterator<Item = Event>) -> &mut Self {
        for event in events {
            let mut orders = self.0.take(event);
            while orders.contains(&Order::Seal) {
                self.1.append(&mut orders);
                orders = self.0.take(Event::Sealed { done: true });
            }
            self.1.append(&mut orders);
        }
        self
    }

    /// Workers that live at the same time, at most.
    fn most_workers(&self) -> i32 {
        let (mut now, mut most) = (0, 0);
        for order in &self.1 {
            match order {
                Order::StartEngine { .. } => now += 1,
                Order::DropEngine => now -= 1,
                _ => {}
            }
            most = most.max(now);
        }
        most
    }

    fn count(&self, wanted: Order) -> usize {
        self.1.iter().filter(|order| **order == wanted).count()
    }
}

const OPEN: [Event; 3] =
    [Event::Opened { supported: true }, Event::UseChosen { allowed: true }, Event::Loaded];

#[test]
fn a_camera_denied_and_tried_again_while_the_first_start_is_pending_starts_one_worker() {
    let mut life = Watched::new(true);
    life.take(OPEN).take([Event::Start]);
    assert!(life.0.has_worker(), "the engine starts while the camera is asked for");
    // The camera is denied: that is the work's own affair. Trying again wants the engine once more.
    life.take([Event::EngineWanted, Event::Start, Event::EngineWanted]);
    assert_eq!(life.most_workers(), 1);
    life.take([Event::EngineStarted { number: 1 }, Event::EngineWanted, Event::Start]);
    assert_eq!((life.most_workers(), life.count(Order::StartEngine { number: 2 })), (1, 0));
    assert_eq!(life.0.phase(), Phase::Work);
}

#[test]
fn an_engine_given_up_while_it_starts_is_ended_before_the_next_begins() {
    let mut life = Watched::new(true);
    life.take(OPEN).take([Event::Start, Event::Failed, Event::Start]);
    assert_eq!(life.most_workers(), 1);
    assert_eq!(life.1.last(), Some(&Order::StartEngine { number: 2 }));
    // What the first one still says is not taken for the second.
    let before = life.1.len();
    life.take([Event::EngineStarted { number: 1 }, Event::EngineFailed { number: 1 }]);
    assert_eq!((life.1.len(), life.0.phase()), (before, Phase::Work));
    life.take([Event::EngineStarted { number: 2 }]);
    assert_eq!(life.1.last(), Some(&Order::AnswerWaiting));
}

#[test]
fn nothing_starts_before_the_seal_and_the_work_begins_right_after_it() {
    let mut life = Watched::new(true);
    life.take([Event::Opened { supported: true }, Event::UseChosen { allowed: true }, Event::Start]);
    assert_eq!((life.0.phase(), life.1.as_slice()), (Phase::Loading, [Order::Load].as_slice()));
    life.take([Event::EngineWanted, Event::Loaded]);
    let wanted = [Order::Load, Order::Seal, Order::Enter, Order::StartEngine { number: 1 }];
    assert_eq!((life.0.phase(), life.1.as_slice()), (Phase::Work, wanted.as_slice()));
}

#[test]
fn a_page_that_cannot_be_sealed_starts_nothing() {
    let mut life = Life::new(true);
    for event in OPEN {
        life.take(event);
    }
    assert_eq!(life.take(Event::Start), [Order::Seal]);
    assert_eq!(life.take(Event::Sealed { done: false }), []);
    assert_eq!((life.phase(), life.has_worker()), (Phase::Failed, false));
    assert_eq!(life.take(Event::EngineWanted), [], "not sealed, not started");
}

#[test]
fn a_refused_use_cannot_start() {
    let mut life = Watched::new(true);
    life.take([
        Event::Opened { supported: true },
        Event::UseChosen { allowed: false },
        Event::Loaded,
        Event::Start,
    ]);
    assert_eq!((life.0.phase(), life.count(Order::Seal)), (Phase::First, 0));
    life.take([Event::UseChosen { allowed: true }, Event::Start]);
    assert_eq!(life.0.phase(), Phase::Work);
}

#[test]
fn files_are_loaded_once_and_again_only_after_a_failure() {
    let mut life = Watched::new(true);
    life.take([Event::Opened { supported: true }, Event::LoadAgain, Event::LoadFailed]);
    assert_eq!((life.0.phase(), life.count(Order::Load)), (Phase::First, 1));
    life.take([Event::UseChosen { allowed: true }, Event::Start, Event::LoadAgain, Event::LoadFailed]);
    assert_eq!((life.0.phase(), life.count(Order::Load)), (Phase::Failed, 2));
    life.take([Event::Start, Event::Loaded]);
    assert_eq!((life.0.phase(), life.count(Order::Load)), (Phase::Work, 3));
}

#[test]
fn an_activity_without_an_engine_is_kept_and_sealed_and_starts_none() {
    let mut life = Watched::new(false);
    life.take([Event::Opened { supported: true }, Event::UseChosen { allowed: true }, Event::Start]);
    assert_eq!((life.0.phase(), life.count(Order::Seal)), (Phase::Loading, 0));
    life.take([Event::Loaded, Event::EngineWanted]);
    let orders = [Order::Load, Order::Seal, Order::Enter];
    assert_eq!((life.0.phase(), life.1.as_slice()), (Phase::Work, orders.as_slice()));
}

#[test]
fn a_crashed_engine_is_replaced_when_it_is_wanted() {
    let mut life = Watched::new(true);
    life.take(OPEN).take([Event::Start, Event::EngineStarted { number: 1 }, Event::EngineGone]);
    assert!(!life.0.has_worker());
    life.take([Event::EngineWanted]);
    assert_eq!((life.1.last(), life.most_workers()), (Some(&Order::StartEngine { number: 2 }), 1));
    life.take([Event::EngineStopped, Event::EngineStopped]);
    assert_eq!(life.count(Order::DropEngine), 2);
}

#[test]
fn a_failure_ends_the_work_once() {
    let mut life = Watched::new(true);
    life.take(OPEN).take([Event::Start, Event::Failed, Event::Failed]);
    assert_eq!((life.0.phase(), life.count(Order::Leave)), (Phase::Failed, 1));
    life.take([Event::Start]);
    assert_eq!((life.0.phase(), life.count(Order::Enter)), (Phase::Work, 2));
}

#[test]
fn nothing_leads_out_of_an_unsupported_browser() {
    let mut life = Watched::new(true);
    life.take([
        Event::Opened { supported: false },
        Event::UseChosen { allowed: true },
        Event::Start,
        Event::Loaded,
    ]);
    assert_eq!((life.0.phase(), life.1.len()), (Phase::Unsupported, 0));
}

/// Whatever comes in whatever order: one worker at most, and none before the seal.
#[test]
fn no_sequence_of_events_starts_two_workers() {
    let mut seed = 1_u64;
    for _ in 0..2000 {
        let mut life = Watched::new(true);
        life.take([Event::Opened { supported: true }, Event::UseChosen { allowed: true }]);
        for _ in 0..30 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = (seed >> 40) as u32 % 4;
            let event = match (seed >> 33) % 10 {
                0 | 1 => Event::Start,
                2 => Event::Loaded,
                3 => Event::LoadFailed,
                4 => Event::EngineWanted,
                5 => Event::EngineStarted { number },
                6 => Event::EngineFailed { number },
                7 => Event::EngineGone,
                8 => Event::EngineStopped,
                _ => Event::Failed,
            };
            life.take([event]);
            assert!(life.most_workers() <= 1, "{:?}", life.1);
        }
        let first_start = life.1.iter().position(|order| matches!(order, Order::StartEngine { .. }));
        let seal = life.1.iter().position(|order| *order == Order::Seal);
        assert!(first_start.is_none() || seal < first_start, "{:?}", life.1);
    }
}
