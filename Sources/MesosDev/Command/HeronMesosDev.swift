@main
struct HeronMesosDev {
    static func main() {}
}
