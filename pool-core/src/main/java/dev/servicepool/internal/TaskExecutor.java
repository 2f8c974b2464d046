package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.servicepool.internal.util.PoolLogger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of a pool that may block. They run on the given executor, or on threads
 * of its own, which end when it closes.
 */
final class TaskExecutor {

	private static final Logger logger = PoolLogger.get();

	private final String pool;

	private final Executor executor;

	/** The executor if the pool owns it. */
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
	 * Run a task on the executor, at most once, because an executor may keep a task that
	 * it rejects.
	 * @param otherwise runs on this thread if the executor rejects the task with any
	 * exception
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

	/** Accept no more tasks, if the pool owns the executor. */
	void close() {
		if (this.own != null) {
			this.own.shutdown();
		}
	}

}
