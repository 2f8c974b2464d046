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
	void theUpstreamsAreThereBeforeTheBeansAndGoAfterThem() {
		Neighbour[] neighbour = new Neighbour[1];
		this.runner.withBean(Neighbour.class).run((context) -> neighbour[0] = context.getBean(Neighbour.class));
		assertThat(neighbour[0].foundAtStart).isTrue();
		assertThat(neighbour[0].foundAtEnd).isTrue();
		assertThat(IntStream.of(this.ports)).hasSize(2).noneMatch(UpstreamInitializerTests::isOpen);
	}

	@Test
	void theUpstreamsGoIfTheApplicationDoesNotStart() {
		this.runner.withBean("broken", Object.class, () -> {
			throw new IllegalStateException("broken");
		}).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(IntStream.of(this.ports)).hasSize(2).noneMatch(UpstreamInitializerTests::isOpen);
		});
	}

	@Test
	void eachApplicationHasUpstreamsOfItsOwn() {
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
	 * Looks for the upstreams at both ends of its life.
	 */
	static final class Neighbour implements DisposableBean {

		private final int[] ports;

		private final boolean foundAtStart;

		private boolean foundAtEnd;

		Neighbour(Environment environment) {
			this.ports = ports(environment);
			this.foundAtStart = areOpen(this.ports);
		}

		@Override
		public void destroy() {
			this.foundAtEnd = areOpen(this.ports);
		}

	}

}
