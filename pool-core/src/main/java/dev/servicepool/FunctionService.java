package dev.servicepool;

import java.util.Objects;
import java.util.function.Function;

/**
 * {@link Service} that delegates to a function, and closes it if it is
 * {@link AutoCloseable}.
 */
final class FunctionService<Q, R> implements Service<Q, R> {

	private final Function<? super Q, ? extends R> function;

	FunctionService(Function<? super Q, ? extends R> function) {
		this.function = Objects.requireNonNull(function, "function");
	}

	@Override
	public R call(Q request) {
		return this.function.apply(request);
	}

	@Override
	public void close() throws Exception {
		if (this.function instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

	@Override
	public String toString() {
		return "Service of " + this.function;
	}

}
