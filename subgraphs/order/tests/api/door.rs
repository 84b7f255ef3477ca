//! Ways to a subgraph that a test has in its hand.

use chassis::{Peer, Subgraph, server};
use std::net::SocketAddr;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A subgraph behind HTTP that can be shut and opened again on the same port.
pub(crate) struct Door {
    address: SocketAddr,
    open: Option<(CancellationToken, JoinHandle<std::io::Result<()>>)>,
}

impl Door {
    pub(crate) async fn shut() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { address: listener.local_addr().unwrap(), open: None }
    }

    /// What leads to it.
    pub(crate) fn peer(&self) -> Peer {
        let url = format!("http://{}/graphql", self.address).parse().unwrap();
        Peer::remote(inventory::NAME, url, None).unwrap()
    }

    pub(crate) async fn open(&mut self, subgraph: &Subgraph) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let token = CancellationToken::new();
        let serving = server::serve(listener, subgraph.clone(), None, token.clone());
        self.open = Some((token, tokio::spawn(serving)));
    }

    pub(crate) async fn close(&mut self) {
        if let Some((token, serving)) = self.open.take() {
            token.cancel();
            // Idle connections may hold a graceful end: cut them.
            serving.abort();
            let _ = serving.await;
        }
    }
}

/// A way on which a call waits until it is let through.
pub(crate) struct Gate(TcpListener);

impl Gate {
    pub(crate) async fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    /// What leads to it.
    pub(crate) fn peer(&self, name: &'static str) -> Peer {
        let url = format!("http://{}/graphql", self.0.local_addr().unwrap()).parse().unwrap();
        Peer::remote(name, url, None).unwrap()
    }

    /// Waits for a caller, who has two seconds of patience.
    pub(crate) async fn caller(&self) -> TcpStream {
        self.0.accept().await.unwrap().0
    }

    /// Lets a caller through to `subgraph`.
    pub(crate) async fn let_through(mut caller: TcpStream, subgraph: &Subgraph) {
        let mut door = Door::shut().await;
        door.open(subgraph).await;
        let mut inside = TcpStream::connect(door.address).await.unwrap();
        tokio::spawn(async move {
            // Ends when either hangs up.
            let _ = copy_bidirectional(&mut caller, &mut inside).await;
            door.close().await;
        });
    }
}
