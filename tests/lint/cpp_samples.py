# SPDX-License-Identifier: GPL-3.0-or-later
"""C++ that the checks must judge rightly. In a sample, @ stands for the lines that make it long."""

FUNCTIONS = {
    "free": "int f(int a)\n{\n@}\n",
    "brace on the line": "int f(int a) {\n@}\n",
    "trailing return": "auto f(int a) -> std::vector<std::pair<int, int>> {\n@}\n",
    "member": "bool A::b(int c) const noexcept {\n@}\n",
    "override": "class A : public B {\n    int b() const override {\n@}\n};\n",
    "noexcept with condition": "void f() noexcept(noexcept(g())) {\n@}\n",
    "constructor": "A::A(int b) : m_b(b), m_c(1) {\n@}\n",
    "constructor with braces": "A::A(int b)\n    : m_b{b}, m_c{1} {\n@}\n",
    "constructor in a class": "class A {\npublic:\n    explicit A(int b) : m_b{b} {\n@}\n};\n",
    "destructor": "A::~A() {\n@}\n",
    "operator": "bool operator==(const A& a, const A& b) {\n@}\n",
    "call operator": "int A::operator()(int b) {\n@}\n",
    "conversion": "A::operator bool() const {\n@}\n",
    "template": "template <class T>\nvoid f(T&& t) {\n@}\n",
    "constrained": "template <class T>\nvoid f(T&& t) requires(sizeof(T) > 1) {\n@}\n",
    "default argument": "void f(std::vector<int> a = {1, 2}) {\n@}\n",
    "lambda in a variable": "const auto f = [](int a) {\n@};\n",
    "lambda without parameters": "const auto f = [] {\n@};\n",
    "mutable lambda": "const auto f = [n = 0]() mutable -> int {\n@};\n",
    "lambda in a table": "const LossInfo loss_a{.id = \"a\", .compute = [](int a) {\n@}};\n",
    "lambda as argument": "const int a = call(1, [&](int b) {\n@});\n",
    "function try block": "int f() try {\n@} catch (...) {\n}\n",
    "test slot": "class T : public QObject {\n    Q_OBJECT\nprivate Q_SLOTS:\n    void works() {\n@}\n};\n",
    "test slot, Qt's keyword": "class T : public QObject {\nprivate slots:\n    void works()\n    {\n@    }\n};\n",
    "with blocks inside": "int f() {\n    if (a) {\n        g({1, 2});\n    } else {\n@    }\n    return A{1}.b();\n}\n",
    "after a macro": "MACRO(a, b)\nint f() {\n@}\n",
    "static": "static int f() {\n@}\n",
    "coroutine-like nesting": "int f() {\n    for (auto& x : xs) {\n        run([&] {\n@        });\n    }\n}\n",
}

NO_FUNCTIONS = {
    "namespace": "namespace a::b {\nint f();\n@}\n",
    "class": "class A final : public B<int(char)> {\n@};\n",
    "struct with attribute": "struct alignas(16) A {\n@};\n",
    "enum": "enum class A : int {\n@};\n",
    "array": "const int a[] = {\n@};\n",
    "array without sign": "const int a[] {\n@};\n",
    "value": "const std::vector<int> a{\n@};\n",
    "value in a call": "const A a = make(f(1), {\n@});\n",
    "nested values": "const A a{.b = f(1), .c = {\n@}};\n",
    "extern C": 'extern "C" {\n@}\n',
}

UNDOCUMENTED = [
    "struct A {\n    int b = 0;\n};",
    "class A final : public B {\npublic:\n    A();\n};",
    "template <class T>\nclass A {\n};",
    "enum class A { B, C };",
    "void f(int a);",
    "inline int f(int a) { return a; }",
    "template <class T>\nT f(const T& a)\n{\n    return a;\n}",
    "std::vector<int> f(std::vector<int> a = {});",
    "using A = std::vector<int>;",
    "inline constexpr int kA = 3;",
    "extern const A a;",
    "int f();  // not a comment on its meaning",
]

NEED_NO_COMMENT = [
    "class A;",
    "struct A;\nclass B;",
    "enum class A : int;",
    "static_assert(sizeof(int) == 4);",
    "/// Both.\nvoid f();\nvoid f(int a);",
    "/// A.\nstruct A { int a = 0; };\nstruct B { int b = 0; };",
    "inline constexpr int kA = 3;  ///< three",
    "/// A.\nstruct A {\n    void f();\n    struct B {};\n};",
    "namespace detail {\n/// A.\nvoid f();\n}",
    "/// Limits.\nnamespace limits {\ninline constexpr int kA = 3;\ninline constexpr int kB = 3;\n}",
    "using at::Tensor;",
]

TYPES = [
    "namespace preflab {\nstruct A {\n};\n}",
    "namespace preflab { class A final : public B<int, C>, private D { }; }",
    "namespace preflab { template <class T, class U = V<T>> struct A : V<T> { T b; }; }",
    "namespace preflab { enum class A : std::uint8_t { B, C }; }",
    "namespace preflab { struct alignas(16) A { }; }",
    "namespace preflab { struct [[nodiscard]] A { }; }",
    "namespace preflab { class EXPORT A { }; }",
    "namespace preflab { class A; void f(); union A { int b; }; }",
    "namespace preflab { namespace { struct B { }; } class A { }; }",
    "namespace preflab { void f(struct B c) { } class A { void g() { struct C { }; } }; }",
    "namespace preflab { template <class T> struct A { }; template <> struct A<int> { }; }",
    "namespace preflab { const B b{.c = [] { return 1; }}; extern \"C\" { struct A { }; } }",
]

NO_SHARED_TYPES = [
    "namespace { struct A { }; }",
    "namespace preflab { namespace { class A { struct B { }; }; } }",
    "void f() { struct A { }; }",
    "struct A f() { }",
    "class A; struct B; enum class C : int;",
    "template <class T> void f() { }",
    "const auto f = [](struct A a) { struct B { }; };",
]
