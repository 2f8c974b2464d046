package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.servicepool.internal.util.PoolLogger;
import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.PoolSettings;
import dev.servicepool.Readiness;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import dev.servicepool.load.LoadTracker;
import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;

/**
 * Runs the user code that creates and closes services, and handles its failures. Acquires
 * no lock.
 */
final class ServiceCreator<Q, R> {

	private static final Logger logger = PoolLogger.get();

	private final String pool;

	private final ServiceFactory<Q, R> factory;

	private final LoadMetric metric;

	private final PoolSettings settings;

	private final ListenerNotifier notifier;

	private final Ticker ticker;

	ServiceCreator(String pool, ServiceFactory<Q, R> factory, PoolSettings settings, ListenerNotifier notifier,
			Ticker ticker) {
		this.pool = pool;
		this.factory = factory;
		this.metric = settings.loadMetric();
		this.settings = settings;
		this.notifier = notifier;
		this.ticker = ticker;
	}

	/** Receiver of the result of an attempt. */
	interface Outcome<Q, R> {

		/**
		 * Handle a service that was created and polled once.
		 * @return whether the pool needs the service; if not, the service is closed
		 */
		boolean created(CreationAttempt attempt, Member<Q, R> member, Readiness readiness);

		/**
		 * Handle an attempt that created no service, or whose service failed its first
		 * poll.
		 */
		void creationFailed(CreationAttempt attempt, Throwable cause);

	}

	/**
	 * Create a service and poll it once before it is published.
	 * @param live the load trackers of the existing services
	 * @param onWakeUp called when the service wakes the pool
	 * @param outcome notified of the result, on this thread
	 */
	void create(CreationAttempt attempt, Supplier<? extends Collection<? extends LoadTracker>> live,
			Consumer<Member<Q, R>> onWakeUp, Outcome<Q, R> outcome) {
		Service<Q, R> service = null;
		Member<Q, R> member = null;
		Readiness readiness = Readiness.PENDING;
		Throwable failure = null;
		long begun = this.ticker.nanos();
		attempt.begin();
		try {
			service = create(attempt.target);
			long now = this.ticker.nanos();
			LoadTracker loadTracker = newTracker(live.get(), now);
			member = new Member<>(this.pool, attempt, service, loadTracker, this.settings, now, onWakeUp);
			readiness = member.pollFirst();
		}
		catch (Throwable ex) {
			failure = ex;
		}
		finally {
			attempt.end();
		}
		long elapsed = this.ticker.nanos() - begun;
		if (failure == null && member != null && outcome.created(attempt, member, readiness)) {
			this.notifier.created(elapsed);
			return;
		}
		if (failure != null) {
			outcome.creationFailed(attempt, failure);
		}
		close(attempt.id, service);
	}

	private LoadTracker newTracker(Collection<? extends LoadTracker> live, long now) {
		LoadTracker loadTracker = this.metric.newTracker(live, now);
		if (loadTracker == null) {
			throw new IllegalStateException("LoadMetric.newTracker must return a load tracker but returned null");
		}
		return loadTracker;
	}

	private Service<Q, R> create(Target target) throws Exception {
		Service<Q, R> service = this.factory.create(target);
		if (service == null) {
			throw new IllegalStateException("ServiceFactory.create must return a service but returned null");
		}
		return service;
	}

	/**
	 * Close a service. The service counts as closed even if {@code close()} throws an
	 * exception.
	 */
	void close(long id, @Nullable Service<Q, R> service) {
		if (service == null) {
			return;
		}
		try {
			service.close();
		}
		catch (Throwable ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			logger.log(Level.WARNING, "Pool '" + this.pool + "': closing service " + id + " failed", ex);
		}
	}

}
