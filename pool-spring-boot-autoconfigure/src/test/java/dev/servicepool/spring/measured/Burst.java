package dev.servicepool.spring.measured;

import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Burst of concurrent calls.
 */
final class Burst {

	private Burst() {
	}

	/**
	 * Send calls concurrently.
	 * @param calls the number of calls
	 * @param timeout the maximum duration of all calls
	 * @param call the call
	 * @return the number of calls that succeeded in time
	 * @throws InterruptedException if the thread is interrupted
	 */
	static int of(int calls, Duration timeout, Callable<?> call) throws InterruptedException {
		ExecutorService callers = Executors.newFixedThreadPool(calls);
		try {
			int succeeded = 0;
			for (Future<?> result : callers.invokeAll(Collections.nCopies(calls, () -> (Object) call.call()),
					timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				succeeded += hasSucceeded(result) ? 1 : 0;
			}
			return succeeded;
		}
		finally {
			callers.shutdownNow();
		}
	}

	private static boolean hasSucceeded(Future<?> result) throws InterruptedException {
		try {
			result.get();
			return true;
		}
		catch (CancellationException | ExecutionException ex) {
			return false;
		}
	}

}
