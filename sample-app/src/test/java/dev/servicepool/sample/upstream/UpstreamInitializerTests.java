package dev.servicepool.sample.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

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
			this.port = port(context.getEnvironment());
		});

	private int port;

	@Test
	void theUpstreamIsThereBeforeTheBeansAndGoesAfterThem() {
		Neighbour[] neighbour = new Neighbour[1];
		this.runner.withBean(Neighbour.class).run((context) -> neighbour[0] = context.getBean(Neighbour.class));
		assertThat(neighbour[0].foundAtStart).isTrue();
		assertThat(neighbour[0].foundAtEnd).isTrue();
		assertThat(isOpen(this.port)).isFalse();
	}

	@Test
	void theUpstreamGoesIfTheApplicationDoesNotStart() {
		this.runner.withBean("broken", Object.class, () -> {
			throw new IllegalStateException("broken");
		}).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(isOpen(this.port)).isFalse();
		});
	}

	@Test
	void eachApplicationHasAnUpstreamOfItsOwn() {
		this.runner.run((one) -> this.runner.run((other) -> {
			int port = port(one.getEnvironment());
			assertThat(port).isNotEqualTo(port(other.getEnvironment()));
			assertThat(isOpen(port)).isTrue();
		}));
	}

	private static int port(Environment environment) {
		return environment.getRequiredProperty(UpstreamInitializer.PORT, Integer.class);
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
	 * Looks for the upstream at both ends of its life.
	 */
	static final class Neighbour implements DisposableBean {

		private final int port;

		private final boolean foundAtStart;

		private boolean foundAtEnd;

		Neighbour(Environment environment) {
			this.port = port(environment);
			this.foundAtStart = isOpen(this.port);
		}

		@Override
		public void destroy() {
			this.foundAtEnd = isOpen(this.port);
		}

	}

}
