package dev.servicepool.sample.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UpstreamInitializer}.
 */
class UpstreamInitializerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withInitializer(new ConfigDataApplicationContextInitializer())
		.withInitializer((context) -> {
			new UpstreamInitializer().initialize((GenericApplicationContext) context);
			this.ports = ports(context.getEnvironment());
		});

	private int[] ports = {};

	@Test
	void upstreamsStartBeforeBeansAndStopAfterThem() {
		UpstreamCheck[] check = new UpstreamCheck[1];
		this.runner.withBean(UpstreamCheck.class).run((context) -> check[0] = context.getBean(UpstreamCheck.class));
		assertThat(check[0].openAtStart).isTrue();
		assertThat(check[0].openAtEnd).isTrue();
		assertThat(IntStream.of(this.ports)).hasSize(2).noneMatch(UpstreamInitializerTests::isOpen);
	}

	@Test
	void upstreamsStopWhenApplicationFailsToStart() {
		this.runner.withBean("broken", Object.class, () -> {
			throw new IllegalStateException("broken");
		}).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(IntStream.of(this.ports)).hasSize(2).noneMatch(UpstreamInitializerTests::isOpen);
		});
	}

	@Test
	void eachApplicationStartsItsOwnUpstreams() {
		this.runner.run((one) -> this.runner.run((other) -> {
			int[] ports = ports(one.getEnvironment());
			assertThat(ports).doesNotContain(ports(other.getEnvironment()));
			assertThat(ports).doesNotHaveDuplicates();
			assertThat(areOpen(ports)).isTrue();
		}));
	}

	private static int[] ports(Environment environment) {
		return Stream.of(UpstreamInitializer.FIRST, UpstreamInitializer.SECOND)
			.mapToInt((name) -> environment.getRequiredProperty(name, URI.class).getPort())
			.toArray();
	}

	private static boolean areOpen(int[] ports) {
		return IntStream.of(ports).allMatch(UpstreamInitializerTests::isOpen);
	}

	private static boolean isOpen(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Bean that checks when it is created and destroyed whether the upstreams run.
	 */
	static final class UpstreamCheck implements DisposableBean {

		private final int[] ports;

		private final boolean openAtStart;

		private boolean openAtEnd;

		UpstreamCheck(Environment environment) {
			this.ports = ports(environment);
			this.openAtStart = areOpen(this.ports);
		}

		@Override
		public void destroy() {
			this.openAtEnd = areOpen(this.ports);
		}

	}

}
