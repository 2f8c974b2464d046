package dev.servicepool.spring.http.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientThreads}.
 */
@Timeout(20)
class ClientThreadsTests {

	private final ClientThreads threads = new ClientThreads("client-of-a-test-",
			ClientThreadsTests.class.getClassLoader());

	@Test
	void idleThreadIsReused() throws Exception {
		Thread first = run();
		while (first.getState() == Thread.State.RUNNABLE) {
			Thread.onSpinWait();
		}
		assertThat(run()).isSameAs(first);
	}

	@Test
	void allTasksRunConcurrently() throws Exception {
		CountDownLatch together = new CountDownLatch(50);
		for (int i = 0; i < 50; i++) {
			this.threads.execute(() -> {
				together.countDown();
				awaitAll(together);
			});
		}
		assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void threadsDoNotInheritThreadLocals() throws Exception {
		InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
		user.set("user");
		CompletableFuture<String> seen = new CompletableFuture<>();
		this.threads.execute(() -> seen.complete(user.get()));
		assertThat(seen.get()).isNull();
	}

	@Test
	void threadsHaveContextClassLoaderOfApplication() throws Exception {
		ClassLoader application = new ClassLoader(ClientThreadsTests.class.getClassLoader()) {
		};
		CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
		new ClientThreads("client-of-a-test-", application)
			.execute(() -> seen.complete(Thread.currentThread().getContextClassLoader()));
		assertThat(seen.get()).isSameAs(application);
	}

	@Test
	void busyThreadEndsAfterItsTaskWhenClosed() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		CompletableFuture<Thread> busy = new CompletableFuture<>();
		this.threads.execute(() -> {
			busy.complete(Thread.currentThread());
			awaitAll(end);
		});
		this.threads.close();
		assertThat(busy.get().isInterrupted()).isFalse();
		end.countDown();
		busy.get().join();
	}

	@Test
	void taskRunsWhenSubmittedAfterClose() throws Exception {
		Thread idle = run();
		this.threads.close();
		idle.join();
		Thread last = run();
		assertThat(last.getName()).startsWith("client-of-a-test-");
		last.join();
	}

	private Thread run() throws Exception {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		this.threads.execute(() -> thread.complete(Thread.currentThread()));
		return thread.get();
	}

	private static void awaitAll(CountDownLatch all) {
		try {
			all.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
