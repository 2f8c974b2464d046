package dev.servicepool.spring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.StreamHandler;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that bodies are streamed. A JVM with 64 MiB of heap in addition to its idle usage
 * sends and receives larger bodies.
 */
@Tag("slow")
@Timeout(300)
class StreamingTests {

	private static final int SPARE = 64;

	@AutoClose
	private static final Server server = Server.http2(100).tls(TestKeyStore.loopback()).start(new StreamHandler());

	@ParameterizedTest
	@CsvSource("HTTP/2, 128")
	void streamsBodyLargerThanHeap(String protocol, int mebibytes) throws Exception {
		transfer(protocol, server.uri().toString(), mebibytes);
	}

	@Tag("measured")
	@ParameterizedTest
	@CsvSource({ "HTTP/2, 1024", "HTTP/1.1, 1024" })
	void streamsOneGibibyte(String protocol, int mebibytes) throws Exception {
		transfer(protocol, server.uri().toString(), mebibytes);
		transfer(protocol, server.secureUri().toString(), mebibytes);
	}

	private static void transfer(String protocol, String uri, int mebibytes) throws Exception {
		String version = "--pool.instances.streams.client.http-version="
				+ (protocol.equals("HTTP/2") ? "http-2" : "http-1-1");
		int idle = idle(run(uri, 256, 1, version));
		String output = run(uri, idle + SPARE, mebibytes, version);
		assertThat(output).contains("up " + mebibytes + ".0 MiB, down " + mebibytes + ".0 MiB")
			.contains("in flight 0, {protocol=" + protocol + "}");
		System.out.println(protocol + " at " + uri.substring(0, 5) + ": " + mebibytes
				+ " MiB up and down with a heap of " + (idle + SPARE) + " MiB");
	}

	private static int idle(String output) {
		Matcher idle = Pattern.compile("idle (\\d+)").matcher(output);
		assertThat(idle.find()).as(output).isTrue();
		return Integer.parseInt(idle.group(1));
	}

	/** Run the application in a JVM with the given heap, in mebibytes. */
	private static String run(String uri, int heap, int mebibytes, String version) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap + "m",
						"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
						StreamingClient.class.getName(), uri, String.valueOf(mebibytes), version));
		command.addAll(Arrays.asList(TestKeyStore.loopback().trustedBy("trusting"))
			.stream()
			.map((property) -> "--" + property)
			.toList());
		command.add("--pool.instances.streams.client.ssl.bundle=trusting");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor()).as(output).isZero();
			return output;
		}
		finally {
			process.destroy();
		}
	}

}
