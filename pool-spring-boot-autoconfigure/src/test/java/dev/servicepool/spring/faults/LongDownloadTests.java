package dev.servicepool.spring.faults;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a download that takes longer than the life of its service.
 */
@Timeout(60)
class LongDownloadTests {

	private static final int SIZE = 200_000;

	private final Work work = new Work();

	@AutoClose
	private final Server server = Server.http2(100).start(this.work);

	@Test
	void downloadCompletesAfterServiceWasReplaced() {
		application("pool.instances.orders.max-lifetime=300ms", "pool.instances.orders.drain-timeout=200ms")
			.run((context) -> {
				int length = download(context,
						() -> await().until(() -> pool(context).totals().creations().created() >= 4));
				assertThat(length).isEqualTo(SIZE);
				assertThat(pool(context).totals().calls().failed()).isZero();
			});
	}

	@Test
	void downloadCompletesAfterScalingDown() {
		application("pool.instances.orders.max-concurrency=1", "pool.instances.orders.idle-timeout=300ms",
				"pool.instances.orders.drain-timeout=200ms")
			.run((context) -> {
				RestClient client = Applications.client(context);
				new Calls(() -> client.get().uri(this.server.uri() + "/?millis=30").retrieve().toBodilessEntity())
					.byCallers(8, 100);
				assertThat(pool(context).totals().creations().created()).isGreaterThan(1);
				int length = download(context, () -> await()
					.until(() -> pool(context).size().live() == 1 && pool(context).size().closing() == 0));
				assertThat(length).isEqualTo(SIZE);
				assertThat(pool(context).totals().calls().failed()).isZero();
			});
	}

	@Test
	@Tag("measured")
	@Timeout(180)
	void downloadOfOneMinuteCompletes() {
		application("pool.instances.orders.max-lifetime=5s").run((context) -> {
			int length = download(context, () -> TimeUnit.SECONDS.sleep(60));
			assertThat(length).isEqualTo(SIZE);
			assertThat(pool(context).totals().calls().failed()).isZero();
			assertThat(pool(context).totals().creations().created()).isGreaterThan(5);
		});
	}

	private ApplicationContextRunner application(String... properties) {
		return Applications.pooled(this.server.uri(), properties);
	}

	private int download(ApplicationContext context, Step step) {
		return Applications.client(context)
			.get()
			.uri(this.server.uri() + "/?stall=body&size=" + SIZE)
			.exchange((request, response) -> read(response.getBody(), step));
	}

	private int read(InputStream body, Step step) throws IOException {
		int first = body.readNBytes(SIZE / 4).length;
		try {
			step.run();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		this.work.release();
		return first + body.readAllBytes().length;
	}

	private static PoolSnapshot pool(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	private interface Step {

		void run() throws InterruptedException;

	}

}
