package dev.servicepool.spring.http;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Target;
import dev.servicepool.spring.http.AttemptObservations.Attempt;
import dev.servicepool.spring.http.client.RequestTimer;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Race between the first attempt of a request and a second one, which begins after a
 * delay. The first attempt runs on the thread of the caller, and the second one on a
 * virtual thread. The attempt whose response begins first wins. The other one is
 * interrupted, and its lease ends when its client has ended it. If one attempt fails, the
 * other one continues.
 */
final class Hedge extends RequestTimer.Action {

	private final Hedging hedging;

	private final long startedAt;

	private final Lease<HttpCall, ClientHttpResponse> first;

	private final Attempt secondAttempt;

	private final Thread caller = Thread.currentThread();

	/** The second attempt with the context of the caller. */
	private final Runnable task = Hedging.withContext(this::sendSecond);

	/** The response of the second attempt if it has won, or its failure. */
	private final CompletableFuture<ClientHttpResponse> second = new CompletableFuture<>();

	/** Whether the first attempt is in progress. Guarded by this. */
	private boolean firstInProgress = true;

	/** Whether the first attempt was interrupted because it lost. Guarded by this. */
	private boolean firstInterrupted;

	/** The thread of the second attempt while it is in progress. Guarded by this. */
	private @Nullable Thread secondThread;

	/** The target of the second attempt, if it has begun. Guarded by this. */
	private @Nullable Target secondTarget;

	/** The lease of the attempt that has won, if any. Guarded by this. */
	private @Nullable Lease<HttpCall, ClientHttpResponse> winner;

	/** The state of the race when the first attempt ends. */
	private enum State {

		/** The first attempt has won, or it has failed and there is no second one. */
		FIRST,

		/** The second attempt has won. */
		SECOND,

		/** The first attempt has failed, and the second one is in progress. */
		OPEN

	}

	/**
	 * Create the race of a request that this thread sends.
	 * @param first the lease of the first attempt
	 * @param secondAttempt sends the request a second time
	 */
	Hedge(Hedging hedging, Lease<HttpCall, ClientHttpResponse> first, Attempt secondAttempt) {
		this.hedging = hedging;
		this.startedAt = hedging.now();
		this.first = first;
		this.secondAttempt = secondAttempt;
	}

	/**
	 * Send the request.
	 * @param firstAttempt sends the request the first time
	 * @return the response that began first
	 * @throws IOException the failure of the first attempt, if both attempts fail
	 */
	ClientHttpResponse send(Attempt firstAttempt) throws IOException {
		long delay = this.hedging.delay();
		if (delay != Hedging.NEVER) {
			RequestTimer.ATTEMPTS.start(this, delay);
		}
		ClientHttpResponse response;
		try {
			response = firstAttempt.send(this.first);
		}
		catch (IOException | RuntimeException ex) {
			return responseAfter(ex);
		}
		catch (Error ex) {
			if (endFirst(false) == State.SECOND) {
				discard(lease(), this.second.join());
			}
			throw ex;
		}
		if (endFirst(false) == State.FIRST) {
			return response;
		}
		discard(this.first, response);
		return this.second.join();
	}

	private ClientHttpResponse responseAfter(Exception failure) throws IOException {
		State state = endFirst(!concernsCall(failure));
		if (state == State.OPEN) {
			awaitSecond(failure);
		}
		if (state == State.FIRST || this.second.isCompletedExceptionally()) {
			throw rethrow(failure);
		}
		ClientHttpResponse response = this.second.join();
		endLoser(this.first, wasFirstInterrupted() ? null : failure);
		return response;
	}

	/** Wait until the second attempt has ended. */
	private void awaitSecond(Exception failure) throws IOException {
		try {
			this.second.get();
		}
		catch (ExecutionException ex) {
			failure.addSuppressed(ex.getCause());
		}
		catch (InterruptedException ex) {
			if (endFirst(false) == State.SECOND) {
				discard(lease(), this.second.join());
			}
			throw HttpFailures.interrupted("Interrupted while waiting for the second attempt of a request", ex);
		}
	}

	/** Return whether a failure ends the call and not only one attempt. */
	private static boolean concernsCall(Exception failure) {
		return failure instanceof DeadlineExceededException
				|| HttpFailures.INSTANCE.classify(failure) == Outcome.CALLER;
	}

	private static IOException rethrow(Exception failure) {
		if (failure instanceof RuntimeException unchecked) {
			throw unchecked;
		}
		return (IOException) failure;
	}

	/** Return the lease of the response, or of the first attempt if there is none. */
	synchronized Lease<HttpCall, ClientHttpResponse> lease() {
		return (this.winner != null) ? this.winner : this.first;
	}

	/** Return the target of the second attempt, if it has begun. */
	synchronized @Nullable Target secondTarget() {
		return this.secondTarget;
	}

	private synchronized boolean wasFirstInterrupted() {
		return this.firstInterrupted;
	}

	/** Record the latency of a call, unless its response is an error of the server. */
	void recordLatency(ClientHttpResponse response) throws IOException {
		if (response.getStatusCode().value() < 500) {
			this.hedging.record(this.startedAt);
		}
	}

	/** Begin the second attempt. Called by the timer. */
	@Override
	protected void run() {
		this.hedging.start(this.task);
	}

	private void sendSecond() {
		Lease<HttpCall, ClientHttpResponse> lease = this.first.tryHedge();
		if (lease == null) {
			return;
		}
		if (!beginSecond(lease)) {
			lease.returnUnsent();
			return;
		}
		ClientHttpResponse response;
		try {
			response = this.secondAttempt.send(lease);
		}
		catch (Throwable ex) {
			endLoser(lease, endSecond(null) ? ex : null);
			this.second.completeExceptionally(ex);
			return;
		}
		if (endSecond(lease)) {
			this.second.complete(response);
		}
		else {
			close(lease, response);
		}
	}

	/**
	 * End the first attempt, and clear the interrupt that was meant for it.
	 * @param mayLose whether the second attempt can still win
	 */
	private synchronized State endFirst(boolean mayLose) {
		RequestTimer.ATTEMPTS.stop(this);
		if (this.firstInProgress && this.firstInterrupted) {
			Thread.interrupted();
		}
		this.firstInProgress = false;
		if (this.winner == null && mayLose && this.secondThread != null) {
			return State.OPEN;
		}
		if (this.winner == null) {
			this.winner = this.first;
			if (this.secondThread != null) {
				this.secondThread.interrupt();
			}
		}
		return (this.winner == this.first) ? State.FIRST : State.SECOND;
	}

	/**
	 * Begin the second attempt.
	 * @return whether the first one has not ended
	 */
	private synchronized boolean beginSecond(Lease<HttpCall, ClientHttpResponse> lease) {
		if (this.winner != null) {
			return false;
		}
		this.secondThread = Thread.currentThread();
		this.secondTarget = lease.target();
		return true;
	}

	/**
	 * End the second attempt, and clear the interrupt that was meant for it.
	 * @param lease the lease of the response; {@code null} if the attempt has failed
	 * @return whether the first attempt has not won
	 */
	private synchronized boolean endSecond(@Nullable Lease<HttpCall, ClientHttpResponse> lease) {
		this.secondThread = null;
		if (this.winner != null) {
			Thread.interrupted();
			return false;
		}
		this.winner = lease;
		if (lease != null && this.firstInProgress) {
			this.firstInterrupted = true;
			this.caller.interrupt();
		}
		return true;
	}

	/** Close a response that has lost on another thread, because this takes time. */
	private void discard(Lease<HttpCall, ClientHttpResponse> lease, ClientHttpResponse response) {
		this.hedging.start(() -> close(lease, response));
	}

	private static void close(Lease<HttpCall, ClientHttpResponse> lease, ClientHttpResponse response) {
		try {
			response.close();
		}
		finally {
			endLoser(lease, null);
		}
	}

	/**
	 * End a lease that has not the outcome of the call.
	 * @param failure the failure of its attempt; {@code null} if the attempt was canceled
	 */
	private static void endLoser(Lease<HttpCall, ClientHttpResponse> lease, @Nullable Throwable failure) {
		lease.markRepeated();
		if (failure != null) {
			HttpFailures.fail(lease, failure);
		}
		else {
			lease.close();
		}
	}

}
