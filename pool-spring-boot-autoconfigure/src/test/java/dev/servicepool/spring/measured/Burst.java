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
 * A number of calls at the same time.
 */
final class Burst {

	private Burst() {
	}

	/**
	 * Make calls at the same time.
	 * @param calls how many
	 * @param timeout how long each may take
	 * @param call the call
	 * @return how many were answered in time
	 */
	static int of(int calls, Duration timeout, Callable<?> call) throws InterruptedException {
		ExecutorService callers = Executors.newFixedThreadPool(calls);
		try {
			int succeeded = 0;
			for (Future<?> answer : callers.invokeAll(Collections.nCopies(calls, () -> (Object) call.call()),
					timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				succeeded += hasSucceeded(answer) ? 1 : 0;
			}
			return succeeded;
		}
		finally {
			callers.shutdownNow();
		}
	}

	private static boolean hasSucceeded(Future<?> answer) throws InterruptedException {
		try {
			answer.get();
			return true;
		}
		catch (CancellationException | ExecutionException ex) {
			return false;
		}
	}

}
