package dev.servicepool.spring.http;

import java.time.Duration;

import dev.servicepool.Outcome;
import dev.servicepool.Service;
import dev.servicepool.Ticker;
import dev.servicepool.spring.http.client.RequestTimer;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Deadline of one request, until its response begins. Used by the threads that send its
 * attempts.
 */
final class Deadline {

	private static final Ticker ticker = Ticker.system();

	/** The longest deadline, which can be added to any time. */
	private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

	private static final long NANOS_PER_MILLI = Duration.ofMillis(1).toNanos();

	private final String pool;

	private final Duration duration;

	private final @Nullable String header;

	private final long endsAt;

	/**
	 * Create the deadline of a request that begins now.
	 * @param pool the name of its pool
	 * @param duration the duration; the deadline is over if it is zero or negative
	 * @param header the name of the header that contains the remaining milliseconds, if
	 * there is one
	 */
	Deadline(String pool, Duration duration, @Nullable String header) {
		this.pool = pool;
		this.duration = duration;
		this.header = header;
		this.endsAt = ticker.nanos() + nanos(duration);
	}

	private static long nanos(Duration duration) {
		if (duration.isNegative()) {
			return 0;
		}
		return (duration.compareTo(LONGEST) < 0) ? duration.toNanos() : LONGEST.toNanos();
	}

	private long left() {
		return this.endsAt - ticker.nanos();
	}

	boolean isOver() {
		return left() <= 0;
	}

	/**
	 * Return the time that a request has at first, at most the given one.
	 * @return the time, zero or negative if the deadline is over
	 */
	Duration atFirst(Duration time) {
		return (this.duration.compareTo(time) < 0) ? this.duration : time;
	}

	/**
	 * Return the remaining time, at most the given one.
	 * @return the time, zero or negative if the deadline is over
	 */
	Duration limit(Duration time) {
		Duration left = Duration.ofNanos(left());
		return (left.compareTo(time) < 0) ? left : time;
	}

	/**
	 * Send an attempt, and cancel it when the deadline is over.
	 * @throws DeadlineExceededException if the deadline is over before the response
	 * begins
	 * @throws Exception the exception of the service
	 */
	ClientHttpResponse send(HttpCall call, Service<HttpCall, ClientHttpResponse> service) throws Exception {
		long left = left();
		if (left <= 0) {
			throw exceeded("before an attempt", Outcome.CALLER, null);
		}
		HttpCall limited = (this.header != null) ? call.withHeaders(headers(call.headers(), this.header, left)) : call;
		Interruption interruption = new Interruption();
		RequestTimer.ATTEMPTS.startAt(interruption, this.endsAt);
		ClientHttpResponse response;
		try {
			response = service.call(limited);
		}
		catch (Exception ex) {
			if (interruption.end()) {
				throw exceeded("during an attempt", outcome(left), ex);
			}
			throw ex;
		}
		catch (Error ex) {
			interruption.end();
			throw ex;
		}
		if (interruption.end()) {
			response.close();
			throw exceeded("before the response began", outcome(left), null);
		}
		return response;
	}

	private static HttpHeaders headers(HttpHeaders headers, String name, long left) {
		HttpHeaders limited = HttpHeaders.copyOf(headers);
		limited.set(name, String.valueOf(Math.max(1, left / NANOS_PER_MILLI)));
		return limited;
	}

	/**
	 * Return what the end of the deadline shows about a service. An attempt that had less
	 * than half of the time shows nothing, because most of the time was lost before.
	 * @param left the time that the attempt had
	 */
	private Outcome outcome(long left) {
		return (left >= nanos(this.duration) / 2) ? Outcome.NO_RESPONSE : Outcome.CALLER;
	}

	DeadlineExceededException exceeded(String when, Outcome outcome, @Nullable Throwable cause) {
		return new DeadlineExceededException("Deadline of " + this.duration.toMillis()
				+ " ms exceeded by a request of pool '" + this.pool + "' " + when, outcome, cause);
	}

	/** Interrupts the thread of an attempt, unless the attempt has ended before. */
	private static final class Interruption extends RequestTimer.Action {

		private final Thread thread = Thread.currentThread();

		/** Whether the attempt has ended. Guarded by this. */
		private boolean ended;

		/** Whether the thread was interrupted. Guarded by this. */
		private boolean interrupted;

		@Override
		protected synchronized void run() {
			if (!this.ended) {
				this.interrupted = true;
				this.thread.interrupt();
			}
		}

		/**
		 * End the attempt, and clear the interrupt that was meant for it.
		 * @return whether the attempt was interrupted
		 */
		boolean end() {
			return !RequestTimer.ATTEMPTS.stop(this) && endBeforeRun() && clear();
		}

		private synchronized boolean endBeforeRun() {
			this.ended = true;
			return this.interrupted;
		}

		private static boolean clear() {
			Thread.interrupted();
			return true;
		}

	}

}
