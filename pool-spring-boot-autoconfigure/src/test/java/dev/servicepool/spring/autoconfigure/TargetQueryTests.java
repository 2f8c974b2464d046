package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.servicepool.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link TargetQuery} with a registry that returns what cannot be a target.
 */
@ExtendWith(OutputCaptureExtension.class)
class TargetQueryTests {

	private static final URI ORDERS = URI.create("http://orders:8080");

	@Test
	void invalidUriDoesNotAffectOtherTargets(CapturedOutput output) throws Exception {
		for (String uri : List.of("http:x://orders", "ftp://orders", "http://orders:0", "http://224.0.0.1", "orders")) {
			assertThat(query(false, URI.create(uri), ORDERS)).as(uri).containsExactly(Target.of(ORDERS));
			assertThat(output).contains("Pool 'orders': skipped '" + uri + "' from 'registry'");
		}
		assertThat(query(false, null, ORDERS)).containsExactly(Target.of(ORDERS));
	}

	@Test
	void localAddressIsATargetUnlessSkipped(CapturedOutput output) throws Exception {
		URI local = URI.create("http://127.0.0.1:8080");
		assertThat(query(false, local, ORDERS)).containsExactly(Target.of(local), Target.of(ORDERS));
		assertThat(query(true, local, ORDERS)).containsExactly(Target.of(ORDERS));
		assertThat(output).contains("skipped 'http://127.0.0.1:8080' from 'registry', because it cannot be a target:"
				+ " it is a local address, and 'skip-local-targets' is set");
	}

	@Test
	void localAddressIsSkippedForPoolsOfAnyKind() throws Exception {
		URI local = URI.create("redis://[::1]:6379");
		assertThatIllegalStateException()
			.isThrownBy(new TargetQuery(() -> List.of(new FoundTarget(local.toString(), null)), "'registry'", "cache",
					PoolKind.ANY, true)::call);
	}

	@Test
	void zoneOfKnownTargetChangesAndItsSpellingRemains() throws Exception {
		List<FoundTarget> found = new ArrayList<>(List.of(new FoundTarget("http://ORDERS:80", "a")));
		TargetQuery query = new TargetQuery(() -> found, "'registry'", "orders", new HttpPoolKind(), false);
		assertThat(query.call()).extracting(Target::name, Target::zone).containsExactly(tuple("http://ORDERS:80", "a"));
		found.set(0, new FoundTarget("http://orders", "b"));
		assertThat(query.call()).extracting(Target::name, Target::zone).containsExactly(tuple("http://ORDERS:80", "b"));
		found.set(0, new FoundTarget("http://orders", null));
		assertThat(query.call()).extracting(Target::zone).containsExactly((String) null);
	}

	private static List<Target> query(boolean skipLocal, URI... found) throws Exception {
		return new TargetQuery(
				() -> Arrays.stream(found).map((uri) -> new FoundTarget(String.valueOf(uri), null)).toList(),
				"'registry'", "orders", new HttpPoolKind(), skipLocal)
			.call();
	}

}
