package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.servicepool.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ResolvingTargetSource}.
 */
class ResolvingTargetSourceTests {

	private Set<String> failing = Set.of();

	@Test
	void resolvesEachAddressOfEachHost() throws Exception {
		assertThat(source("http://a:8080", "http://b").targets("orders")).containsExactly(
				URI.create("http://10.0.0.1:8080"), URI.create("http://[2001:db8:0:0:0:0:0:1]:8080"),
				URI.create("http://10.0.0.1"), URI.create("http://[2001:db8:0:0:0:0:0:1]"));
	}

	@Test
	void removesDuplicateAddresses() throws Exception {
		assertThat(source("http://a", "http://b").targets("orders")).hasSize(2);
	}

	@Test
	void failsWhenNoHostCanBeResolved() {
		assertThatExceptionOfType(UnknownHostException.class)
			.isThrownBy(() -> source("http://nowhere").targets("orders"))
			.withMessage("nowhere");
	}

	@Test
	void unresolvableHostDoesNotAffectOtherHosts() throws Exception {
		assertThat(source("http://a", "http://nowhere").targets("orders")).hasSize(2);
	}

	@Test
	void hostKeepsAddressesWhileItCannotBeResolved() throws Exception {
		Map<String, List<String>> records = new HashMap<>(Map.of("a", List.of("10.0.0.1"), "b", List.of("10.0.0.2")));
		ResolvingTargetSource source = source(records);
		source.targets("orders");
		records.remove("a");
		records.put("b", List.of("10.0.0.3"));
		for (int lookup = 0; lookup < 3; lookup++) {
			source.targets("orders");
		}
		assertThat(source.targets("orders")).containsExactly(URI.create("http://10.0.0.1"),
				URI.create("http://10.0.0.3"));
	}

	@Test
	void addressIsRemovedAfterThreeLookupsWithoutIt() throws Exception {
		Map<String, List<String>> records = new HashMap<>(Map.of("a", List.of("10.0.0.1", "10.0.0.2")));
		ResolvingTargetSource source = source(records);
		source.targets("orders");
		records.put("a", List.of("10.0.0.1"));
		assertThat(source.targets("orders")).hasSize(2);
		assertThat(source.targets("orders")).hasSize(2);
		assertThat(source.targets("orders")).containsExactly(URI.create("http://10.0.0.1"));
	}

	@Test
	void addressThatReturnsIsKept() throws Exception {
		Map<String, List<String>> records = new HashMap<>(Map.of("a", List.of("10.0.0.1", "10.0.0.2")));
		ResolvingTargetSource source = source(records);
		for (int lookup = 0; lookup < 10; lookup++) {
			records.put("a", List.of("10.0.0." + (1 + lookup % 2)));
			source.targets("orders");
		}
		assertThat(source.targets("orders")).hasSize(2);
	}

	/** A DNS server that returns four of twelve addresses each time, in turn. */
	@Test
	void addressesInTurnAreKept() throws Exception {
		List<String> all = IntStream.range(0, 12).mapToObj((number) -> "10.0.0." + number).toList();
		Map<String, List<String>> records = new HashMap<>();
		ResolvingTargetSource source = source(records);
		for (int lookup = 0; lookup < 60; lookup++) {
			int first = 4 * (lookup % 3);
			records.put("a", all.subList(first, first + 4));
			assertThat(source.targets("orders")).hasSize(Math.min(12, 4 * (lookup + 1)));
		}
	}

	/** A DNS server that returns any four of twelve addresses each time. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
	void randomAddressesAreKept(long seed) throws Exception {
		List<String> all = new ArrayList<>(IntStream.range(0, 12).mapToObj((number) -> "10.0.0." + number).toList());
		Map<String, List<String>> records = new HashMap<>();
		ResolvingTargetSource source = source(records);
		Random random = new Random(seed);
		Set<URI> seen = new HashSet<>();
		for (int lookup = 0; lookup < 60; lookup++) {
			Collections.shuffle(all, random);
			records.put("a", List.copyOf(all.subList(0, 4)));
			List<URI> targets = source.targets("orders");
			seen.addAll(targets);
			assertThat(targets).as("none of the targets was removed").containsExactlyInAnyOrderElementsOf(seen);
		}
		assertThat(seen).hasSize(12);
	}

	/** During a rolling deployment, the addresses differ each time. */
	@Test
	void removedAddressesAreMissingFromEqualLookups() throws Exception {
		Map<String, List<String>> records = new HashMap<>();
		ResolvingTargetSource source = source(records);
		for (int first = 0; first < 4; first++) {
			records.put("a", List.of("10.0.0." + first, "10.0.0." + (first + 1)));
			assertThat(source.targets("orders")).hasSize(first + 2);
		}
		assertThat(source.targets("orders")).hasSize(5);
		assertThat(source.targets("orders")).containsExactly(URI.create("http://10.0.0.3"),
				URI.create("http://10.0.0.4"));
	}

	@Test
	void addressIsRemovedAfterThirtyLookupsThatDiffer() throws Exception {
		Map<String, List<String>> records = new HashMap<>(Map.of("a", List.of("10.0.0.1", "10.0.0.2")));
		ResolvingTargetSource source = source(records);
		source.targets("orders");
		for (int lookup = 1; lookup < 30; lookup++) {
			records.put("a", List.of("10.0.0.2", "10.0.1." + lookup % 2));
			assertThat(source.targets("orders")).contains(URI.create("http://10.0.0.1"));
		}
		assertThat(source.targets("orders")).doesNotContain(URI.create("http://10.0.0.1"));
	}

	@Test
	void cachedResponseIsNoLookup() throws Exception {
		InetAddress first = InetAddress.getByName("10.0.0.1");
		InetAddress second = InetAddress.getByName("10.0.0.2");
		AtomicReference<InetAddress[]> cache = new AtomicReference<>(new InetAddress[] { first, second });
		ResolvingTargetSource source = new ResolvingTargetSource(List.of(Target.of(URI.create("http://a"))),
				(host) -> cache.get().clone(), Set::of);
		source.targets("orders");
		cache.set(new InetAddress[] { second });
		for (int lookup = 0; lookup < 40; lookup++) {
			assertThat(source.targets("orders")).hasSize(2);
		}
	}

	/** The starter relies on this, because the JVM does not say what it has cached. */
	@Test
	void jvmReturnsSameObjectsFromItsCache() throws Exception {
		InetAddress[] first = InetAddress.getAllByName("localhost");
		assertThat(InetAddress.getAllByName("localhost")[0]).isSameAs(first[0]);
	}

	@Test
	void missingAddressThatFailsIsRemoved() throws Exception {
		Map<String, List<String>> records = new HashMap<>(Map.of("a", List.of("10.0.0.1", "10.0.0.2")));
		this.failing = Set.of("http://10.0.0.1");
		ResolvingTargetSource source = source(records);
		source.targets("orders");
		assertThat(source.targets("orders")).hasSize(2);
		records.put("a", List.of("10.0.0.2"));
		assertThat(source.targets("orders")).containsExactly(URI.create("http://10.0.0.2"));
	}

	private ResolvingTargetSource source(Map<String, List<String>> records) {
		List<Target> targets = records.isEmpty() ? List.of(Target.of(URI.create("http://a")))
				: records.keySet().stream().sorted().map((host) -> Target.of(URI.create("http://" + host))).toList();
		return new ResolvingTargetSource(targets, (host) -> {
			List<String> addresses = records.get(host);
			if (addresses == null) {
				throw new UnknownHostException(host);
			}
			InetAddress[] found = new InetAddress[addresses.size()];
			for (int i = 0; i < found.length; i++) {
				found[i] = InetAddress.getByName(addresses.get(i));
			}
			return found;
		}, () -> this.failing);
	}

	private static ResolvingTargetSource source(String... targets) {
		return new ResolvingTargetSource(List.of(targets).stream().map(URI::create).map(Target::of).toList(),
				ResolvingTargetSourceTests::addresses, Set::of);
	}

	private static InetAddress[] addresses(String host) throws UnknownHostException {
		if (host.equals("nowhere")) {
			throw new UnknownHostException(host);
		}
		return new InetAddress[] { InetAddress.getByName("10.0.0.1"), InetAddress.getByName("2001:db8::1") };
	}

}
