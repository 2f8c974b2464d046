package dev.servicepool.spring.docs;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.servicepool.PoolEvent;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that everything that {@code docs/compatibility.md} covers is as it was recorded.
 * {@code -Dcompatibility.record=true} records the current state. Other tests compare the
 * pages that are read here with the code.
 */
class CompatibilityTests {

	private static final Path RECORDS = Path.of("src/test/resources/compatibility");

	private static final Pattern PROPERTY = Pattern.compile("^\\| `(pool\\.[a-zA-Z.-]+)` \\| (.+?) \\|",
			Pattern.MULTILINE);

	private static final Pattern METER = Pattern.compile("^\\| `(servicepool\\.\\S+)` \\|(.+?)\\|(.*?)\\|(.+?)\\|",
			Pattern.MULTILINE);

	private static final Pattern JSON = Pattern.compile("^## `GET (\\S+)`$.+?```json\\n(.+?)```",
			Pattern.MULTILINE | Pattern.DOTALL);

	/** The packages of the types that applications use. */
	private static final Set<String> PACKAGES = Set.of("dev.servicepool", "dev.servicepool.load",
			"dev.servicepool.spring", "dev.servicepool.spring.http");

	/**
	 * Part of the compatibility promise.
	 *
	 * @param file the name of the record
	 * @param current the current state
	 */
	private record Part(String file, Stream<String> current) {
	}

	static Stream<Named<Part>> parts() {
		return Stream
			.of(new Part("properties.txt", properties()), new Part("meters.txt", meters()),
					new Part("json-fields.txt", jsonFields()), new Part("events.txt", events()),
					new Part("types.txt", types()))
			.map((part) -> Named.of(part.file(), part));
	}

	@ParameterizedTest
	@MethodSource("parts")
	void promisedPartIsAsRecorded(Part part) throws IOException {
		Path file = RECORDS.resolve(part.file());
		List<String> current = part.current().distinct().sorted().toList();
		if (Boolean.getBoolean("compatibility.record")) {
			Files.createDirectories(RECORDS);
			Files.write(file, current);
		}
		assertThat(current)
			.as("%s; if the change is compatible, or docs/compatibility.md allows it, run: mvn -pl pool-spring-boot-autoconfigure"
					+ " -am test -Dtest=CompatibilityTests -Dsurefire.failIfNoSpecifiedTests=false"
					+ " -Dcompatibility.record=true", file)
			.containsExactlyElementsOf(Files.readAllLines(file));
	}

	private static Stream<String> properties() {
		return rows("docs/configuration.md", PROPERTY);
	}

	private static Stream<String> meters() {
		return rows("docs/metrics.md", METER);
	}

	/** Return the first columns of the rows of a table. */
	private static Stream<String> rows(String page, Pattern row) {
		return row.matcher(Documentation.read(Documentation.ROOT.resolve(page)))
			.results()
			.map((result) -> Stream.iterate(1, (group) -> group <= result.groupCount(), (group) -> group + 1)
				.map((group) -> result.group(group).replace("`", "").strip())
				.collect(Collectors.joining(" | ")));
	}

	private static Stream<String> jsonFields() {
		return JSON.matcher(Documentation.read(Documentation.ROOT.resolve("docs/actuator.md")))
			.results()
			.flatMap((result) -> {
				Set<String> fields = new TreeSet<>();
				collect(JsonMapper.builder().build().readTree(result.group(2)), "GET " + result.group(1) + " ", fields);
				return fields.stream();
			});
	}

	private static void collect(JsonNode node, String path, Set<String> fields) {
		if (node.isObject()) {
			node.properties().forEach((field) -> collect(field.getValue(), path + "." + field.getKey(), fields));
		}
		else if (node.isArray()) {
			node.forEach((element) -> collect(element, path + "[]", fields));
		}
		else {
			fields.add(path);
		}
	}

	private static Stream<String> events() {
		return Stream.concat(Arrays.stream(PoolEvent.Type.values()).map((type) -> "type " + type + " " + type.code()),
				Arrays.stream(PoolEvent.Reason.values()).map((reason) -> "reason " + reason + " " + reason.code()));
	}

	private static Stream<String> types() {
		return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages("dev.servicepool")
			.stream()
			.filter((type) -> PACKAGES.contains(type.getPackageName()))
			.map(JavaClass::reflect)
			.filter(CompatibilityTests::isVisible)
			.flatMap(CompatibilityTests::members);
	}

	private static boolean isVisible(Class<?> type) {
		return (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()))
				&& isVisible(type.getModifiers());
	}

	private static boolean isVisible(int modifiers) {
		return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
	}

	private static Stream<String> members(Class<?> type) {
		Stream<Member> members = Stream
			.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
			.flatMap(Arrays::stream);
		return Stream.concat(Stream.of(type.getName()),
				members.filter((member) -> isVisible(member.getModifiers()) && !member.isSynthetic())
					.map((member) -> type.getName() + " " + describe(member)));
	}

	private static String describe(Member member) {
		String kind = Modifier.isStatic(member.getModifiers()) ? "static " : "";
		if (member instanceof Field field) {
			return kind + name(field.getGenericType()) + " " + field.getName();
		}
		Executable executable = (Executable) member;
		String parameters = Arrays.stream(executable.getParameters())
			.map(Parameter::getParameterizedType)
			.map(CompatibilityTests::name)
			.collect(Collectors.joining(", ", "(", ")"));
		return (executable instanceof Method method)
				? kind + name(method.getGenericReturnType()) + " " + method.getName() + parameters : "new" + parameters;
	}

	private static String name(Type type) {
		return type.getTypeName().replaceAll("\\bjava\\.(lang|util|time|net)\\.(function\\.)?", "");
	}

}
