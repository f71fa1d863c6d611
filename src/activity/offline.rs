//! Use without a network: what is kept of the page, and the way to a new version. All of it ends before the seal.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use activities::Activity as Row;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::RequestCache;

use crate::view::offline::{Offline as Kept, Update};
use crate::view::release::{Release, bytes_of};
use crate::web::asset_list::AssetFault;
use crate::web::fetcher::Fetcher;
use crate::web::offline::{self, AtHand, OfflineFault, Shelf};
use crate::web::place;

/// The list of a release, read and as it came.
type Listed = (Release, String);

struct Parts {
    /// Of this build; `None`: nothing is kept here.
    id: Option<String>,
    fetcher: Option<Rc<Fetcher>>,
    /// The host's release, where it is another one.
    newer: Option<Listed>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Offline {
    pub kept: RwSignal<Kept>,
    pub update: RwSignal<Update>,
    row: Row,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Offline {
    pub fn new(row: Row) -> Self {
        let id = offline::own_release().filter(|_| offline::is_supported());
        let fetcher = web_sys::window().and_then(|window| Fetcher::new(window).ok()).map(Rc::new);
        let parts = Parts { id, fetcher, newer: None };
        Self {
            kept: RwSignal::new(Kept::Unknown),
            update: RwSignal::new(Update::None),
            row,
            parts: StoredValue::new_local(Rc::new(RefCell::new(parts))),
        }
    }

    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// What all that follows needs; `None` where nothing is kept.
    fn means(self) -> Option<(String, Rc<Fetcher>)> {
        self.with(|parts| Some((parts.id.clone()?, parts.fetcher.clone()?)))
    }

    /// Fetch nothing more: the page is about to be sealed. What is kept so far stays.
    pub fn stop(self) {
        if let Some(fetcher) = self.with(|parts| parts.fetcher.take()) {
            fetcher.stop();
        }
    }

    /// Keep what this activity needs. `loaded`: files that were loaded already, by their paths below the page. A page that cannot be
    /// kept works all the same.
    pub async fn keep_this(self, loaded: Vec<(String, Uint8Array)>) {
        let Some((id, fetcher)) = self.means() else { return };
        let Ok(shelf) = Shelf::open(&id).await else { return };
        let this = BTreeSet::from([self.row.id.to_owned()]);
        let release = match shelf.list().await {
            Some(release) => release,
            None => match self.look(&id, &fetcher).await {
                Ok((release, text)) if release.id == id && shelf.put_list(&text).await.is_ok() => release,
                _ => return,
            },
        };
        let names = shelf.names().await;
        let at_hand = AtHand { loaded, before: None };
        let missing = release.missing(&this, &names);
        let kept = async {
            shelf.keep(&fetcher, &missing, &at_hand, RequestCache::Default, |_| ()).await?;
            offline::enlist(&id).await
        };
        if kept.await.is_ok() {
            offline::tidy(&id).await;
        }
        self.tell(&shelf, &release).await;
    }

    /// Whether the host has another version now; known later.
    pub fn look_for_update(self) {
        let Some((id, fetcher)) = self.means() else { return };
        if self.update.get_untracked() == Update::None {
            spawn_local(async move {
                // Without a network there is no news.
                let _ = self.look(&id, &fetcher).await;
            });
        }
    }

    async fn look(self, id: &str, fetcher: &Fetcher) -> Result<Listed, AssetFault> {
        let (release, text) = offline::newest(fetcher).await?;
        if release.id != id && self.update.get_untracked() == Update::None {
            self.with(|parts| parts.newer = Some((release.clone(), text.clone())));
            let bytes = match Shelf::open(id).await {
                Ok(shelf) => self.cost(&release, &shelf).await,
                Err(_) => 0,
            };
            self.update.set(Update::There { release: release.release.clone(), bytes });
        }
        Ok((release, text))
    }

    /// What the activities that are kept, and this one, need of another release, less what both share.
    async fn cost(self, newer: &Release, shelf: &Shelf) -> u64 {
        let before = shelf.list().await;
        let shared = before.as_ref().map(Release::by_hash).unwrap_or_default();
        let names = shelf.names().await;
        let ids = self.ids(before.as_ref(), &names);
        let is_here = |sha256: &str| shared.get(sha256).is_some_and(|file| names.contains(*file));
        bytes_of(newer.files_for(&ids).filter(|row| !is_here(&row.sha256)))
    }

    fn ids(self, before: Option<&Release>, names: &BTreeSet<String>) -> BTreeSet<String> {
        let mut ids = before.map(|release| release.complete(names)).unwrap_or_default();
        ids.insert(self.row.id.to_owned());
        ids
    }

    async fn tell(self, shelf: &Shelf, release: &Release) {
        let names = shelf.names().await;
        let all = release.activities();
        self.kept.set(Kept::Kept {
            this: release.complete(&names).contains(self.row.id),
            missing: bytes_of(release.missing(&all, &names)),
            kept: bytes_of(release.files.iter().filter(|row| names.contains(&row.file))),
        });
    }

    /// Keep all activities.
    pub fn keep_all(self) {
        let Some((id, fetcher)) = self.means() else { return };
        if matches!(self.kept.get_untracked(), Kept::Keeping { .. }) {
            return;
        }
        self.kept.set(Kept::Keeping { done: 0, total: 0 });
        spawn_local(async move {
            if let Err(fault) = self.keep_all_now(&id, &fetcher).await {
                self.kept.set(Kept::Failed { sentence: fault.to_string() });
            }
        });
    }

    async fn keep_all_now(self, id: &str, fetcher: &Fetcher) -> Result<(), OfflineFault> {
        let shelf = Shelf::open(id).await?;
        let release = match shelf.list().await {
            Some(release) => release,
            None => self.look(id, fetcher).await?.0,
        };
        let (all, names) = (release.activities(), shelf.names().await);
        let missing = release.missing(&all, &names);
        let (mut done, total) = (0, bytes_of(missing.iter().copied()));
        let on_bytes = |bytes| {
            done += bytes;
            self.kept.set(Kept::Keeping { done, total });
        };
        shelf.keep(fetcher, &missing, &AtHand::default(), RequestCache::Default, on_bytes).await?;
        offline::enlist(id).await?;
        self.tell(&shelf, &release).await;
        Ok(())
    }

    /// Load the new version beside this one, and start it when all of it is there.
    pub fn take_update(self) {
        let Some((id, fetcher)) = self.means() else { return };
        if matches!(self.update.get_untracked(), Update::Loading { .. }) {
            return;
        }
        self.update.set(Update::Loading { done: 0, total: 0 });
        spawn_local(async move {
            match self.take_update_now(&id, &fetcher).await {
                Ok(()) => place::reload(),
                Err(fault) => self.update.set(Update::Failed { sentence: fault.to_string() }),
            }
        });
    }

    async fn take_update_now(self, id: &str, fetcher: &Fetcher) -> Result<(), OfflineFault> {
        let _updating = offline::updating();
        // The host may have gone on meanwhile.
        let (newer, text) = offline::newest(fetcher).await?;
        let before = Shelf::open(id).await?;
        let before_list = before.list().await;
        let ids = self.ids(before_list.as_ref(), &before.names().await);
        let shelf = Shelf::open(&newer.id).await?;
        let missing = newer.missing(&ids, &shelf.names().await);
        let (mut done, total) = (0, bytes_of(missing.iter().copied()));
        let on_bytes = |bytes| {
            done += bytes;
            self.update.set(Update::Loading { done, total });
        };
        let at_hand = AtHand { loaded: Vec::new(), before: before_list.as_ref().map(|list| (&before, list)) };
        // Past every cache: the one before may answer for files that have kept their names.
        shelf.keep(fetcher, &missing, &at_hand, RequestCache::Reload, on_bytes).await?;
        shelf.put_list(&text).await?;
        // From here on the new version answers.
        offline::enlist(&newer.id).await
    }
}
