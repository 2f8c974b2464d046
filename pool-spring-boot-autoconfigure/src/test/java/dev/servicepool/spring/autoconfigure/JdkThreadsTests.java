package dev.servicepool.spring.autoconfigure;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.JdkClients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the threads of pooled clients, observed while they write the bodies of
 * requests.
 */
@Timeout(60)
class JdkThreadsTests {

	private static final int CALLS = 50;

	/**
	 * Large enough that Tomcat does not close the connection because of small frames.
	 */
	private static final byte[] BODY = new byte[2048];

	@AutoClose
	private static final Server server = Server.http2(100).start();

	private final Set<Thread> writers = ConcurrentHashMap.newKeySet();

	private final ApplicationContextRunner runner = Applications.pooled(server.uri());

	@Test
	void plainClientStartsThreadForEachBody() {
		Applications.plain().run((context) -> {
			post(context);
			assertThat(this.writers).as("precondition").hasSize(CALLS);
		});
	}

	@Test
	void pooledClientReusesItsThreads() {
		this.runner.run((context) -> {
			post(context);
			assertThat(this.writers).hasSizeLessThan(CALLS / 2)
				.allSatisfy((thread) -> assertThat(thread.getName()).startsWith("pool-orders-client-"));
		});
	}

	@Test
	void threadsEndWhenServiceIsClosed() {
		this.runner.run((context) -> {
			post(context);
			Pool<?, ?> pool = context.getBean(Pool.class);
			context.close();
			assertThat(pool.snapshot().services()).isEmpty();
			JdkClients.awaitClosed(() -> this.writers.stream().noneMatch(Thread::isAlive));
		});
	}

	@Test
	void executorOfApplicationIsUsedAndNotShutDown() {
		ExecutorService own = Executors.newCachedThreadPool((task) -> new Thread(task, "own"));
		this.runner.withBean("threads", ClientHttpRequestFactoryBuilderCustomizer.class, () -> new OwnThreads(own))
			.run((context) -> {
				post(context);
				assertThat(this.writers).allSatisfy((thread) -> assertThat(thread.getName()).isEqualTo("own"));
			});
		assertThat(own.isShutdown()).isFalse();
		own.shutdown();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsAreUsedWhenEnabled() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			post(context);
			assertThat(this.writers).allSatisfy((thread) -> assertThat(thread.getName()).startsWith("httpclient-"));
		});
	}

	private void post(ApplicationContext context) {
		StreamingHttpOutputMessage.Body body = (out) -> {
			this.writers.add(Thread.currentThread());
			out.write(BODY);
		};
		RestClient client = Applications.client(context);
		for (int call = 0; call < CALLS; call++) {
			client.post().uri(server.uri()).body(body).retrieve().toBodilessEntity();
		}
	}

	private record OwnThreads(ExecutorService threads)
			implements
				ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> {

		@Override
		public JdkClientHttpRequestFactoryBuilder customize(JdkClientHttpRequestFactoryBuilder builder) {
			return builder.withExecutor(this.threads);
		}

	}

}
