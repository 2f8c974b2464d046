package dev.servicepool.spring.http;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Observation of a call whose result must be released. An observation handler may fail
 * after the call, and the result would then be lost.
 */
final class ReleasingObservation {

	private ReleasingObservation() {
	}

	/**
	 * Observe a call.
	 * @param observation the observation, which has not started
	 * @param call the call
	 * @param release releases the result of the call if a handler fails afterwards
	 * @return the result of the call
	 * @throws E if the call or a handler throws it
	 */
	static <T, E extends Throwable> T observe(Observation observation, Observation.CheckedCallable<T, E> call,
			Consumer<T> release) throws E {
		AtomicReference<@Nullable T> result = new AtomicReference<>();
		try {
			return observation.observeChecked(() -> {
				T called = call.call();
				result.set(called);
				return called;
			});
		}
		catch (Throwable ex) {
			T called = result.get();
			if (called != null) {
				release.accept(called);
			}
			throw ex;
		}
	}

}
