package dev.servicepool.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The executor that runs the tasks of a pool.
 */
class TaskExecutorTests {

	private Throwable rejection;

	private int runs;

	@Test
	void rejectedTaskIsReturnedToCallerAndLogged() {
		try (LogRecords log = new LogRecords()) {
			TaskExecutor taskExecutor = TaskExecutor.of((task) -> {
				throw new RejectedExecutionException("full");
			}, "test");
			taskExecutor.execute(() -> {
			}, (ex) -> this.rejection = ex);
			assertThat(this.rejection).hasMessage("full");
			assertThat(log.messages())
				.containsExactly("WARNING Pool 'test': executor rejected a task; running it on the calling thread");
		}
	}

	@Test
	void taskAfterCloseIsReturnedToCallerWithoutLog() {
		try (LogRecords log = new LogRecords()) {
			TaskExecutor taskExecutor = TaskExecutor.of(null, "test");
			taskExecutor.close();
			taskExecutor.execute(() -> {
			}, (ex) -> this.rejection = ex);
			assertThat(this.rejection).isInstanceOf(RejectedExecutionException.class);
			assertThat(log.messages()).isEmpty();
		}
	}

	@Test
	void taskThatFailsOnSubmittingThreadRunsOnce() {
		try (LogRecords log = new LogRecords()) {
			TaskExecutor taskExecutor = TaskExecutor.of(Runnable::run, "test");
			Runnable task = () -> {
				this.runs++;
				throw new IllegalStateException("task");
			};
			assertThatIllegalStateException().isThrownBy(() -> taskExecutor.execute(task, (ex) -> this.runs++))
				.withMessage("task");
			assertThat(this.runs).isOne();
			assertThat(log.messages()).isEmpty();
		}
	}

	@Test
	void taskKeptDespiteRejectionRunsOnce() {
		List<Runnable> kept = new ArrayList<>();
		try (LogRecords log = new LogRecords()) {
			TaskExecutor taskExecutor = TaskExecutor.of((task) -> {
				kept.add(task);
				throw new OutOfMemoryError("no thread");
			}, "test");
			taskExecutor.execute(() -> this.runs++, (ex) -> this.runs++);
			kept.forEach(Runnable::run);
			assertThat(this.runs).isOne();
			assertThat(log.messages()).hasSize(1);
		}
	}

}
