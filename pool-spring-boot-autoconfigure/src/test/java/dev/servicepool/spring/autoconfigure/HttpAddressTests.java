package dev.servicepool.spring.autoconfigure;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HttpAddress} with addresses that no server can have.
 */
class HttpAddressTests {

	@ParameterizedTest
	@ValueSource(strings = { "http://orders", "HTTPS://orders:443/", "http://10.0.0.1:65535", "http://[::1]:8080" })
	void addressOfServerIsAccepted(String text) {
		assertThat(HttpAddress.read(text)).hasToString(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			http:x://orders      | it must contain a host
			http:/x://orders     | it must contain a host
			ftp://orders         | its scheme must be http or https
			http://orders:0      | its port must be between 1 and 65535
			http://orders:00     | its port must be between 1 and 65535
			http://orders:65536  | its port must be between 1 and 65535
			http://orders:-1     | its port must be between 1 and 65535
			http://224.0.0.1     | it must not be a multicast address
			http://[ff02::1]:80  | it must not be a multicast address
			http://3758096385    | write its IP address with dots
			http://3758096385.   | write its IP address with dots
			http://0xE0000001:80 | write its IP address with dots
			http://a:s3cret@b    | remove the user name
			""")
	void otherAddressIsRejectedWithRemedy(String text, String remedy) {
		assertThatIllegalArgumentException().isThrownBy(() -> HttpAddress.read(text)).withMessageContaining(remedy);
	}

}
