package dev.servicepool.spring;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Pool whose state never changes.
 *
 * @param snapshot the state of the pool
 */
public record FixedPool(PoolSnapshot snapshot) implements Pool<String, Integer> {

	@Override
	public String name() {
		return this.snapshot.name();
	}

	@Override
	public PoolSettings settings() {
		return this.snapshot.settings();
	}

	@Override
	public void start() {
	}

	@Override
	public Integer call(String request) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Lease<String, Integer> acquire() {
		throw new UnsupportedOperationException();
	}

	@Override
	public Lease<String, Integer> acquire(Duration timeout) {
		throw new UnsupportedOperationException();
	}

	@Override
	public @Nullable Lease<String, Integer> tryAcquire() {
		throw new UnsupportedOperationException();
	}

	@Override
	public @Nullable Lease<String, Integer> tryAcquire(Predicate<? super Target> wanted) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void replaceServices(String cause) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean tryReplaceServices(String cause) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void skipReplacement(String cause, Throwable failure) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void changeBounds(PoolBounds bounds, String cause) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void drainTarget(String target, String cause) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void undrainTarget(String target, String cause) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void reset(String cause) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void retarget(List<Target> targets) {
	}

	@Override
	public boolean drain(Duration timeout) {
		return true;
	}

	@Override
	public void close() {
	}

}
