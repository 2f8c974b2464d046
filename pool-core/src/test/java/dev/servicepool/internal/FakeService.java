package dev.servicepool.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.servicepool.Readiness;
import dev.servicepool.Service;

/**
 * A service whose readiness, failures and load the test sets.
 */
final class FakeService implements Service<String, String> {

	final String name;

	Readiness readiness = Readiness.ALWAYS;

	Exception pollFailure;

	Exception closeFailure;

	double load = Double.NaN;

	boolean sharesConnection;

	boolean connected;

	/** Callback of the last poll, which wakes up the pool. */
	Runnable wakeUp;

	/** Action that runs during each poll. */
	Runnable duringPoll = () -> {
	};

	/** Action that runs when the service is closed. */
	Runnable whenClosed = () -> {
	};

	int polls;

	int closes;

	private boolean polling;

	final List<String> requests = new ArrayList<>();

	FakeService(String name) {
		this.name = name;
	}

	@Override
	public String call(String request) {
		this.requests.add(request);
		return this.name + ": " + request;
	}

	@Override
	public Readiness pollReady(Runnable wakeUp) throws Exception {
		if (this.polling) {
			throw new AssertionError("Polled concurrently");
		}
		if (this.closes > 0) {
			throw new AssertionError("Polled after close");
		}
		this.polling = true;
		try {
			this.polls++;
			this.wakeUp = wakeUp;
			this.duringPoll.run();
			if (this.pollFailure != null) {
				throw this.pollFailure;
			}
			return this.readiness;
		}
		finally {
			this.polling = false;
		}
	}

	@Override
	public boolean sharesConnection() {
		return this.sharesConnection;
	}

	@Override
	public boolean isConnected() {
		return this.connected;
	}

	@Override
	public Map<String, String> details() {
		return Map.of("name", this.name);
	}

	/** Become ready and wake up the pool. */
	void becomeReady() {
		this.readiness = Readiness.READY;
		this.wakeUp.run();
	}

	@Override
	public double load() {
		return this.load;
	}

	@Override
	public void close() throws Exception {
		this.closes++;
		this.whenClosed.run();
		if (this.closeFailure != null) {
			throw this.closeFailure;
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
