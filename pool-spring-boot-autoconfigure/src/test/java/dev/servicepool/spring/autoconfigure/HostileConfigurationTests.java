package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.servicepool.InvalidSettingException;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.spring.HostileInput;
import dev.servicepool.spring.HostileInputTests;
import dev.servicepool.spring.actuate.PoolEndpoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.core.env.AbstractEnvironment;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that random properties, addresses, and names are used or rejected with a message
 * that contains no password, and that a registry or DNS supplies only valid targets.
 */
class HostileConfigurationTests extends HostileInputTests {

	private static final String PASSWORD = "s3cret";

	private static final List<String> ADDRESSES = List.of("http://", "https://", "HTTP://", "ftp://", "http:", "http:/",
			"orders", "user:" + PASSWORD + "@", "localhost", "127.0.0.1", "169.254.169.254", "224.0.0.1", "10.0.0.1",
			"[::1]", "[ff02::1]", "[fe80::1%25eth0]", "2130706433", "0x7f000001", ":8080", ":0", ":65536", "/", "/path",
			"?token=" + PASSWORD, "#f", "a_b");

	private static final List<String> KEYS = List.of("pool.", "pool.instances.", "orders.", "[orders]", "[a b].",
			"max-services", "min-services", "max-concurrency", "acquire-timeout", "urgency", "loaded-above", "initial",
			"targets", "targets[0]", "targets[1]", "url", "resolve", "enabled", "refresh-interval", "failure-statuses",
			"retry-after-statuses", "outlier-detection.failure-rate", "retry.budget.ratio", "load-metric", "type");

	private static final List<String> VALUES = List.of("0", "1", "16", "-1", "0.5", "1.5", "10s", "-1s", "PT1H",
			"9223372036854775807ns", "106751991167d", "true", "500,503", "999", "peak-ewma", "http://orders:8080", ",",
			"http://a:1,http://b:2");

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.servicepool");

	@AutoClose
	private final Pool<String, Integer> pool = Pool.builder()
		.name("orders")
		.build((target) -> Service.of(String::length));

	private final PoolEndpoint endpoint = new PoolEndpoint(() -> List.of(this.pool),
			(name) -> PoolName.of(name).equals(PoolName.of("orders")) ? this.pool : null);

	@BeforeAll
	void logNothing() {
		this.logger.setLevel(Level.OFF);
	}

	@AfterAll
	void logAgain() {
		this.logger.setLevel(null);
	}

	Stream<Source> sources() {
		return Stream.of(new Source("properties", HostileConfigurationTests::properties),
				new Source("addresses", HostileConfigurationTests::addresses), new Source("selectors", this::selectors),
				new Source("registry", HostileConfigurationTests::registry),
				new Source("DNS", HostileConfigurationTests::dns));
	}

	private static void properties(HostileInput input) {
		Map<String, Object> values = new LinkedHashMap<>();
		for (int i = 1 + input.number(4); i > 0; i--) {
			boolean valid = input.number(4) > 0;
			String key = (input.number(2) > 0) ? "pool." : "pool.instances.orders.";
			values.put(valid ? key + input.any(KEYS.subList(5, KEYS.size())) : input.text(KEYS),
					(input.number(4) > 0) ? input.text(VALUES) : input.text(ADDRESSES));
		}
		ConfigurableEnvironment environment = new Properties(new MapPropertySource("test", values));
		try {
			PoolProperties properties = PoolProperties.of(environment);
			new UnknownPropertyCheck(environment).run();
			properties.pools().forEach(HostileConfigurationTests::build);
		}
		catch (BindException | PoolConfigurationException ex) {
			assertThat(ex.getMessage()).isNotBlank();
		}
	}

	/** Environment without the properties of the system. */
	private static final class Properties extends AbstractEnvironment {

		Properties(PropertySource<?> properties) {
			getPropertySources().addFirst(properties);
		}

	}

	private static void build(PoolConfiguration configuration) {
		HttpPoolKind kind = new HttpPoolKind();
		PoolAddresses addresses = configuration.addresses();
		List<Target> targets = addresses.targets(kind);
		addresses.urlWithoutPool(kind, false);
		addresses.requireRefreshInterval();
		PoolBuilder builder = Pool.builder().name("orders").failureWhen(kind.failureWhen(configuration));
		kind.defaults().applyTo(builder);
		try {
			configuration.applyTo(builder);
			builder.targets(targets.isEmpty() ? List.of(MissingTargets.TARGET) : targets)
				.build((target) -> Service.of(Object::toString))
				.close();
		}
		catch (InvalidSettingException ex) {
			throw configuration.keys().explain(ex);
		}
	}

	private static void addresses(HostileInput input) {
		String text = input.text(ADDRESSES);
		for (PoolKind kind : List.of(new HttpPoolKind(), PoolKind.ANY)) {
			try {
				Target target = kind.target(text);
				assertThat(target.name()).isNotBlank();
				assertThat(kind.identity(target)).isNotNull();
				if (kind != PoolKind.ANY) {
					assertValid(target);
				}
			}
			catch (IllegalArgumentException ex) {
				assertThat(ex.getMessage()).isNotBlank().doesNotContain(PASSWORD);
			}
		}
	}

	private void selectors(HostileInput input) {
		PoolEndpoint.PoolDescriptor found = this.endpoint
			.pool(input.text(List.of("orders", "ORDERS", "Or-ders", "or")));
		assertThat(found == null || found.name().equals("orders")).isTrue();
	}

	private static void registry(HostileInput input) throws Exception {
		List<@Nullable URI> found = new ArrayList<>(List.of(URI.create("http://valid:8080")));
		for (int i = input.number(4); i > 0; i--) {
			found.add(uri(input));
		}
		assertUsable(new TargetQuery(() -> found(found), "registry", "orders", new HttpPoolKind(), true).call());
	}

	private static List<FoundTarget> found(List<? extends @Nullable URI> uris) {
		return uris.stream().map((uri) -> new FoundTarget(String.valueOf(uri), null)).toList();
	}

	private static void dns(HostileInput input) throws Exception {
		ResolvingTargetSource source = new ResolvingTargetSource(List.of(Target.of(URI.create("http://orders:8080"))),
				(host) -> answer(input), Set::of);
		TargetQuery query = new TargetQuery(() -> found(source.targets("orders")), "DNS", "orders", new HttpPoolKind(),
				true);
		assertUsable(query.call());
		assertUsable(query.call());
	}

	private static InetAddress[] answer(HostileInput input) throws UnknownHostException {
		InetAddress[] addresses = new InetAddress[1 + input.number(3)];
		addresses[0] = InetAddress.getByAddress("valid", new byte[] { 10, 0, 0, 1 });
		for (int i = 1; i < addresses.length; i++) {
			addresses[i] = InetAddress.getByAddress(input.text(ADDRESSES), input.bytes(4 + 12 * input.number(2)));
		}
		return addresses;
	}

	private static @Nullable URI uri(HostileInput input) {
		try {
			return new URI(input.text(ADDRESSES));
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	/** Check that there is a target, and that all targets are valid and not local. */
	private static void assertUsable(List<Target> targets) throws UnknownHostException {
		assertThat(targets).isNotEmpty();
		for (Target target : targets) {
			InetAddress address = assertValid(target);
			if (address != null) {
				assertThat(address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress())
					.as("local address %s", target.name())
					.isFalse();
			}
		}
	}

	/**
	 * Check that a server can have an address.
	 * @return its IP address, or {@code null} if its host is a name
	 */
	private static @Nullable InetAddress assertValid(Target target) {
		URI uri = target.uri();
		assertThat(uri).isNotNull();
		assertThat(uri.getScheme()).matches("(?i)https?");
		assertThat(uri.getHost()).isNotEmpty();
		assertThat(uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() < 65536)).isTrue();
		if (!uri.getHost().matches("\\[.+]|[0-9.]+")) {
			return null;
		}
		try {
			InetAddress address = InetAddress.getByName(uri.getHost().replaceFirst("%.*]", "]"));
			assertThat(address.isMulticastAddress()).isFalse();
			return address;
		}
		catch (UnknownHostException ex) {
			throw new AssertionError(ex);
		}
	}

}
