package dev.servicepool.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Runs its tasks on the thread that calls {@link #runNext()} or {@link #runAll()}.
 */
final class ManualExecutor implements Executor {

	private final Deque<Runnable> tasks = new ArrayDeque<>();

	@Override
	public void execute(Runnable task) {
		this.tasks.addLast(task);
	}

	int size() {
		return this.tasks.size();
	}

	boolean runNext() {
		Runnable task = this.tasks.pollFirst();
		if (task == null) {
			return false;
		}
		task.run();
		return true;
	}

	void runAll() {
		while (runNext()) {
			// A task may submit further tasks.
		}
	}

}
