package dev.servicepool;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of a pool that may block: on the executor it was given, or on threads of
 * its own, which end with it.
 */
final class TaskExecutor {

	private static final Logger logger = System.getLogger(Pool.class.getName());

	private final String pool;

	private final Executor executor;

	/** The executor, if it is the pool's own. */
	private final @Nullable ExecutorService own;

	private TaskExecutor(String pool, Executor executor, @Nullable ExecutorService own) {
		this.pool = pool;
		this.executor = executor;
		this.own = own;
	}

	static TaskExecutor of(@Nullable Executor executor, String pool) {
		if (executor != null) {
			return new TaskExecutor(pool, executor, null);
		}
		ExecutorService own = DaemonThreads.executor(pool);
		return new TaskExecutor(pool, own, own);
	}

	/**
	 * Run a task on the executor, once: one that has said that it does not take the task
	 * may have kept it nevertheless.
	 * @param otherwise runs on this thread if the executor does not take the task, in
	 * whichever way it says so
	 */
	void execute(Runnable task, Consumer<Throwable> otherwise) {
		AtomicBoolean run = new AtomicBoolean();
		try {
			this.executor.execute(() -> {
				if (run.compareAndSet(false, true)) {
					task.run();
				}
			});
		}
		catch (RuntimeException | Error ex) {
			if (!run.compareAndSet(false, true)) {
				throw ex;
			}
			if (this.own == null || !this.own.isShutdown()) {
				logger.log(Level.WARNING,
						"Pool '" + this.pool + "': executor rejected a task; running it on the calling thread", ex);
			}
			otherwise.accept(ex);
		}
	}

	/** Take no more tasks, if the threads are the pool's own. */
	void close() {
		if (this.own != null) {
			this.own.shutdown();
		}
	}

}
