//! An internet for the worker: every URL has the answer the test gave it.

use sp_core::offchain::{
    testing::TestOffchainExt, DbExternalities, Externalities, HttpError, HttpRequestId,
    HttpRequestStatus, OffchainDbExt, OffchainWorkerExt, OpaqueNetworkState, StorageKind,
    Timestamp, TransactionPool, TransactionPoolExt,
};
use sp_core::OpaquePeerId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// What a URL answers.
#[derive(Clone, Debug)]
pub enum Answer {
    Body(u16, Vec<u8>),
    /// The connection is refused when the request is made.
    Refused,
    /// It breaks while waiting.
    Broken,
    /// Nothing comes within the deadline.
    Silence,
    /// The head comes in time, the body does not.
    Stalled,
}

#[derive(Default)]
struct State {
    answers: HashMap<String, Answer>,
    requests: Vec<(String, usize)>,
    /// Requests that were made before the first was waited for.
    parallel: Option<usize>,
    now: u64,
    transactions: Vec<Vec<u8>>,
    pool_refuses: bool,
}

/// The test's handle on it.
#[derive(Clone)]
pub struct Network {
    state: Arc<Mutex<State>>,
    db: TestOffchainExt,
}

impl Network {
    /// Gives `ext` an internet, an offchain database and a transaction pool.
    pub fn install(ext: &mut sp_io::TestExternalities) -> Self {
        let network = Self {
            state: Arc::default(),
            db: TestOffchainExt::new().0,
        };
        ext.register_extension(OffchainWorkerExt::new(network.clone()));
        ext.register_extension(OffchainDbExt::new(network.db.clone()));
        ext.register_extension(TransactionPoolExt::new(network.clone()));
        network
    }

    pub fn answer(&self, url: &str, answer: Answer) {
        let mut state = self.state.lock().unwrap();
        state.answers.insert(url.into(), answer);
    }

    pub fn body(&self, url: &str, body: &str) {
        self.answer(url, Answer::Body(200, body.as_bytes().to_vec()));
    }

    pub fn refuse_transactions(&self) {
        self.state.lock().unwrap().pool_refuses = true;
    }

    pub fn set(&self, key: &[u8], value: &[u8]) {
        let mut db = self.db.clone();
        db.local_storage_set(StorageKind::PERSISTENT, key, value);
    }

    pub fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut db = self.db.clone();
        db.local_storage_get(StorageKind::PERSISTENT, key)
    }

    /// Sets the node's clock, milliseconds since the Unix epoch.
    pub fn set_now(&self, millis: u64) {
        self.state.lock().unwrap().now = millis;
    }

    /// Moves the node's clock.
    pub fn advance(&self, millis: u64) {
        self.state.lock().unwrap().now += millis;
    }

    pub fn accept_transactions(&self) {
        self.state.lock().unwrap().pool_refuses = false;
    }

    /// Takes what is in the transaction pool.
    pub fn transactions(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.state.lock().unwrap().transactions)
    }

    /// The URLs that were asked for, since the beginning.
    pub fn requests(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.requests.iter().map(|(url, _)| url.clone()).collect()
    }

    pub fn requests_before_the_first_wait(&self) -> Option<usize> {
        self.state.lock().unwrap().parallel
    }
}

impl TransactionPool for Network {
    fn submit_transaction(&mut self, extrinsic: Vec<u8>) -> Result<(), ()> {
        let mut state = self.state.lock().unwrap();
        if state.pool_refuses {
            return Err(());
        }
        state.transactions.push(extrinsic);
        Ok(())
    }
}

impl Externalities for Network {
    fn is_validator(&self) -> bool {
        true
    }

    fn network_state(&self) -> Result<OpaqueNetworkState, ()> {
        Err(())
    }

    fn timestamp(&mut self) -> Timestamp {
        Timestamp::from_unix_millis(self.state.lock().unwrap().now)
    }

    fn sleep_until(&mut self, deadline: Timestamp) {
        self.state.lock().unwrap().now = deadline.unix_millis();
    }

    fn random_seed(&mut self) -> [u8; 32] {
        [0; 32]
    }

    fn http_request_start(
        &mut self,
        method: &str,
        url: &str,
        _: &[u8],
    ) -> Result<HttpRequestId, ()> {
        assert_eq!(method, "GET");
        let mut state = self.state.lock().unwrap();
        match state.answers.get(url) {
            Some(Answer::Refused) | None => Err(()),
            Some(_) => {
                state.requests.push((url.into(), 0));
                Ok(HttpRequestId(state.requests.len() as u16 - 1))
            }
        }
    }

    fn http_request_add_header(&mut self, _: HttpRequestId, _: &str, _: &str) -> Result<(), ()> {
        Ok(())
    }

    fn http_request_write_body(
        &mut self,
        _: HttpRequestId,
        _: &[u8],
        deadline: Option<Timestamp>,
    ) -> Result<(), HttpError> {
        assert!(deadline.is_some(), "a request without a deadline");
        Ok(())
    }

    fn http_response_wait(
        &mut self,
        ids: &[HttpRequestId],
        deadline: Option<Timestamp>,
    ) -> Vec<HttpRequestStatus> {
        assert!(deadline.is_some(), "a wait without a deadline");
        let mut state = self.state.lock().unwrap();
        let made = state.requests.len();
        state.parallel.get_or_insert(made);
        ids.iter()
            .map(|id| {
                let url = &state.requests[usize::from(id.0)].0;
                match &state.answers[url] {
                    Answer::Body(code, _) => HttpRequestStatus::Finished(*code),
                    Answer::Stalled => HttpRequestStatus::Finished(200),
                    Answer::Broken => HttpRequestStatus::IoError,
                    Answer::Silence => HttpRequestStatus::DeadlineReached,
                    Answer::Refused => HttpRequestStatus::Invalid,
                }
            })
            .collect()
    }

    fn http_response_headers(&mut self, _: HttpRequestId) -> Vec<(Vec<u8>, Vec<u8>)> {
        Vec::new()
    }

    fn http_response_read_body(
        &mut self,
        id: HttpRequestId,
        buffer: &mut [u8],
        deadline: Option<Timestamp>,
    ) -> Result<usize, HttpError> {
        assert!(deadline.is_some(), "a body without a deadline");
        let mut state = self.state.lock().unwrap();
        let (url, read) = state.requests[usize::from(id.0)].clone();
        match &state.answers[&url] {
            Answer::Body(_, body) => {
                let rest = &body[read..];
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                state.requests[usize::from(id.0)].1 += count;
                Ok(count)
            }
            Answer::Stalled => Err(HttpError::DeadlineReached),
            Answer::Refused | Answer::Broken | Answer::Silence => Err(HttpError::IoError),
        }
    }

    fn set_authorized_nodes(&mut self, _: Vec<OpaquePeerId>, _: bool) {}
}
