package dev.servicepool.spring.http.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.StreamingHttpOutputMessage.Body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link YieldingBody}.
 */
class YieldingBodyTests {

	private static final int KB = 1024;

	@Test
	void writerYieldsAfterSizesThatDouble() throws IOException {
		List<Integer> sizes = new ArrayList<>();
		write((output) -> output.write(new byte[1000 * KB]), new ByteArrayOutputStream() {

			@Override
			public synchronized void write(byte[] data, int offset, int length) {
				super.write(data, offset, length);
				sizes.add(this.count);
			}

		});
		assertThat(sizes).containsExactly(64 * KB, 128 * KB, 256 * KB, 512 * KB, 1000 * KB);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void contentIsTheSameHoweverItIsWritten(long seed) throws IOException {
		Random random = new Random(seed);
		ByteArrayOutputStream expected = new ByteArrayOutputStream();
		ByteArrayOutputStream actual = new ByteArrayOutputStream();
		write((output) -> {
			while (expected.size() < 600 * KB) {
				byte[] data = new byte[random.nextInt(150 * KB)];
				random.nextBytes(data);
				int offset = random.nextInt(data.length + 1);
				int length = random.nextInt(data.length - offset + 1);
				expected.write(data, offset, length);
				output.write(data, offset, length);
				int single = random.nextInt();
				expected.write(single);
				output.write(single);
			}
		}, actual);
		assertThat(actual.toByteArray()).isEqualTo(expected.toByteArray());
	}

	@Test
	void failureOfTheClientReachesTheWriter() {
		IOException failure = new IOException("Broken pipe");
		assertThatIOException()
			.isThrownBy(() -> write((output) -> output.write(new byte[200 * KB]), new OutputStream() {

				@Override
				public void write(int data) throws IOException {
					throw failure;
				}

			}))
			.isSameAs(failure);
	}

	@Test
	void bodyIsRepeatableIfItsContentIs() {
		Body once = (output) -> {
		};
		assertThat(new YieldingBody(once, KB).repeatable()).isFalse();
		assertThat(new YieldingBody(new Body() {

			@Override
			public void writeTo(OutputStream output) {
			}

			@Override
			public boolean repeatable() {
				return true;
			}

		}, KB).repeatable()).isTrue();
	}

	private static void write(Body body, OutputStream output) throws IOException {
		new YieldingBody(body, 64 * KB).writeTo(output);
	}

}
