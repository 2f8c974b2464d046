package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.fixtures.ChangingSubset;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.TargetSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the services of pools whose targets a {@link ResolvingTargetSource} supplies.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ResolvedPoolTests {

	private static final int ADDRESSES = 12;

	/** The number of calls to each address. */
	private final Map<String, Integer> calls = new ConcurrentHashMap<>();

	@AutoClose
	private final Server server = Server.http1().addresses(ADDRESSES).start(this::respond);

	@AutoClose
	private final Server other = Server.responding("other");

	/** As many lookups as in one minute. */
	@Test
	void changingAddressesReplaceNoServiceInSixtyLookups() {
		replaceNoServiceInSixtyLookups("5ms");
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void changingAddressesReplaceNoServiceInOneMinute() {
		replaceNoServiceInSixtyLookups("1s");
	}

	/** The DNS server returns four of twelve addresses each time. */
	private void replaceNoServiceInSixtyLookups(String interval) {
		ChangingSubset addresses = new ChangingSubset(this.server.uris(), 4);
		application((host) -> addresses(addresses.next().stream().map(URI::getHost).toList()), uri("orders"))
			.withPropertyValues("pool.instances.orders.refresh-interval=" + interval)
			.run((context) -> {
				RestClient client = Applications.client(context);
				await().until(() -> pool(context).size().ready() == ADDRESSES);
				PoolSnapshot.Creations before = pool(context).totals().creations();
				int sent = addresses.sendDuring(() -> get(client), 2, 60);
				PoolSnapshot.Creations after = pool(context).totals().creations();
				System.out.println("changing addresses, 60 lookups, one every " + interval + ": "
						+ (after.created() - before.created()) + " services created, "
						+ (after.drained() + after.evicted() - before.drained() - before.evicted()) + " removed, "
						+ sent + " calls succeeded");
				assertThat(after.created()).as("created services").isEqualTo(before.created());
				assertThat(pool(context).size().ready()).as("services").isEqualTo(ADDRESSES);
				await().untilAsserted(() -> {
					get(client);
					assertThat(this.calls).as("addresses with calls").hasSize(ADDRESSES);
				});
			});
	}

	@Test
	void hostWithoutAddressDoesNotAffectOtherHosts(CapturedOutput output) {
		Map<String, List<String>> records = new ConcurrentHashMap<>(
				Map.of("other", List.of("127.0.0.1"), "orders", List.of("127.0.0.1")));
		URI lost = URI.create("http://other:" + this.other.uri().getPort());
		application((host) -> addresses(records.get(host)), lost, uri("orders")).run((context) -> {
			RestClient client = Applications.client(context);
			await().until(
					() -> targets(context).equals(Set.of(this.other.uri().toString(), this.server.uri().toString())));
			records.remove("other");
			this.other.stop();
			records.put("orders", List.of("127.0.0.2", "127.0.0.3"));
			String kept = this.other.uri().toString();
			Set<String> expected = this.server.uris()
				.subList(1, 3)
				.stream()
				.map(URI::toString)
				.collect(Collectors.toSet());
			await().until(() -> {
				assertThat(get(client)).isEqualTo("order");
				return targets(context).stream()
					.filter((target) -> !target.equals(kept))
					.collect(Collectors.toSet())
					.equals(expected);
			});
			this.calls.clear();
			while (this.calls.size() < 2) {
				assertThat(get(client)).isEqualTo("order");
			}
			assertThat(this.calls).containsOnlyKeys("127.0.0.2", "127.0.0.3");
			assertThat(output).containsOnlyOnce(
					"Pool 'orders': the host 'other' cannot be resolved; keeping its last addresses (1).");
		});
	}

	private ApplicationContextRunner application(ResolvingTargetSource.Resolver resolver, URI... hosts) {
		List<Target> targets = Stream.of(hosts).map(Target::of).toList();
		return Applications.plain()
			.withPropertyValues("pool.instances.orders.url=http://orders",
					"pool.instances.orders.refresh-interval=20ms")
			.withBean("ordersTargets", TargetSource.class, () -> new ResolvingTargetSource(targets, resolver, Set::of));
	}

	private URI uri(String host) {
		return URI.create("http://" + host + ":" + this.server.uri().getPort());
	}

	private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
		this.calls.merge(request.getLocalAddr(), 1, Integer::sum);
		Handler.respond(request, response, 200, "order");
	}

	/** Return new objects, as for a response that the JVM has not cached. */
	private static InetAddress[] addresses(@Nullable List<String> addresses) throws UnknownHostException {
		if (addresses == null) {
			throw new UnknownHostException("other");
		}
		InetAddress[] found = new InetAddress[addresses.size()];
		for (int i = 0; i < found.length; i++) {
			found[i] = InetAddress.getByName(addresses.get(i));
		}
		return found;
	}

	private static String get(RestClient client) {
		return client.get().uri("http://orders/").retrieve().requiredBody(String.class);
	}

	private static PoolSnapshot pool(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	/** Return the targets of all services. */
	private static Set<String> targets(ApplicationContext context) {
		return pool(context).services().stream().map(PoolSnapshot.ServiceSnapshot::target).collect(Collectors.toSet());
	}

}
